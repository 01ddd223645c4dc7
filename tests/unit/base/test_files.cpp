#include "base/errors.hpp"
#include "base/files.hpp"
#include "support/command.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <string>

using namespace veste;
namespace fs = std::filesystem;

namespace {

/// What is wrong with these outputs; empty: nothing.
std::string problem_of(const std::vector<fs::path>& outputs, const std::vector<fs::path>& inputs) {
    try {
        check_outputs(outputs, inputs);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

} // namespace

TEST_CASE("an output that is an input is refused, whatever its name") {
    const test::TemporaryFolder folder;
    const fs::path input = folder.write("in.toml", "text");
    fs::create_symlink(input, folder / "link.toml");
    fs::create_hard_link(input, folder / "twin.toml");
    fs::create_directory(folder / "sub");
    for (const fs::path& output : {input, folder / "link.toml", folder / "twin.toml",
                                   folder.path() / "sub" / ".." / "in.toml"}) {
        CAPTURE(output.string());
        const std::string problem = problem_of({output}, {"", input});
        CHECK(problem.find(output.string() + ": cannot be written") == 0);
        CHECK(problem.find("it is the input " + input.string()) != std::string::npos);
    }
    CHECK(problem_of({folder / "out.h5", ""}, {input, folder / "absent.toml"}).empty());
}

TEST_CASE("two outputs of one name are refused, also where neither is there yet") {
    const test::TemporaryFolder folder;
    fs::create_directory(folder / "sub");
    const fs::path output = folder / "out.h5";
    CHECK(problem_of({output, folder.path() / "sub" / ".." / "out.h5"}, {})
              .find("it is the output " + output.string() + " too") != std::string::npos);
    CHECK(problem_of({output, folder / "other.h5"}, {}).empty());
    CHECK(problem_of({"", ""}, {""}).empty());
}

TEST_CASE("an output that cannot be written is refused with its reason") {
    const test::TemporaryFolder folder;
    CHECK(problem_of({folder.path() / "none" / "out.h5"}, {}).find("there is no folder") !=
          std::string::npos);
    CHECK(problem_of({folder.path()}, {}).find("a folder bears this name") != std::string::npos);
}
