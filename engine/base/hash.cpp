#include "base/hash.hpp"

#include <fmt/format.h>
#include <new>
#include <xxhash.h>

namespace veste {

struct Digest::State {
    XXH3_state_t* state = XXH3_createState();
    State() {
        if (state == nullptr || XXH3_64bits_reset(state) != XXH_OK) {
            throw std::bad_alloc();
        }
    }
    ~State() { XXH3_freeState(state); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

Digest::Digest() : state_(std::make_unique<State>()) {}
Digest::~Digest() = default;

void Digest::add(std::span<const std::byte> bytes) {
    // The only failure is a null state, which the constructor excludes.
    (void)XXH3_64bits_update(state_->state, bytes.data(), bytes.size());
}

std::uint64_t Digest::value() const {
    return XXH3_64bits_digest(state_->state);
}

std::string Digest::text() const {
    return fmt::format("{:016x}", value());
}

} // namespace veste
