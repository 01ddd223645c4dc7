#include "simulation/checkpoint.hpp"
#include "simulation/simulation.hpp"
#include "support/toy_city.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace veste;
namespace fs = std::filesystem;

namespace {

/// A folder that is gone afterwards.
struct Folder {
    fs::path path = fs::temp_directory_path() / ("veste_checkpoint_" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
};

std::shared_ptr<Scenario> evening(const City& city) {
    auto scenario = std::make_shared<Scenario>(toy_city::evening(city));
    scenario->changes.push_back({150.0, "feeder north off", SwitchFeeder{toy_city::north_feeder}});
    scenario->outputs.heat_maps = true;
    scenario->changes.push_back({260.0, "east arm closed", CloseWays{{toy_city::to_east}, {}}});
    return scenario;
}

void steps(Simulation& simulation, int count) {
    for (int k = 0; k < count; ++k) {
        simulation.step();
    }
}

std::string message_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

struct News : Observer {
    void begin(const Simulation&) override {}
    void observe(const Simulation&, const std::vector<Occurrence>& news) override {
        for (const Occurrence& item : news) {
            told.push_back(item.kind + item.text);
        }
    }
    void end(const Simulation&) override {}
    std::vector<std::string> told;
};

} // namespace

TEST_CASE("a run that is saved and restored goes on bit for bit, whenever it was saved") {
    const auto city = toy_city::built();
    const Folder folder;
    for (const int saved_at : {1, 149, 150, 240, 301}) {
        CAPTURE(saved_at);
        const fs::path file = folder.path / "checkpoint.h5";
        Simulation through(city, evening(*city), 2);
        steps(through, saved_at);
        through.save_checkpoint(file);
        News through_news;
        through.add_observer(through_news);

        Simulation restored(city, evening(*city), 1);
        restored.restore_checkpoint(file);
        News restored_news;
        restored.add_observer(restored_news);
        CHECK(restored.now_s() == through.now_s());
        CHECK(state_digest(restored.world()) == state_digest(through.world()));
        steps(through, 150);
        steps(restored, 150);
        CHECK(state_digest(restored.world()) == state_digest(through.world()));
        CHECK(restored_news.told == through_news.told);
    }
}

TEST_CASE("a run restored after a branch forgets that branch") {
    const auto city = toy_city::built();
    const Folder folder;
    const fs::path file = folder.path / "checkpoint.h5";
    const auto closing = [&](const Box2& area) {
        CloseWays ways{{toy_city::to_east}, {}};
        for (std::size_t t = 0; t < city->walk.triangles.size(); ++t) {
            if (area.contains(city->walk.centroid(TriangleId(t)))) {
                ways.triangles.emplace_back(t);
            }
        }
        REQUIRE(ways.triangles.size() >= 2);
        return TimedChange{0.0, "closed", ways};
    };
    const TimedChange west = closing(scene::box(12.0, 8.0, 30.0, 24.0));
    const TimedChange east = closing(scene::box(30.0, 10.0, 48.0, 30.0));
    Simulation used(city, evening(*city), 1);
    steps(used, 60);
    used.save_checkpoint(file);
    used.request(west);
    steps(used, 60);
    const std::string after_west = state_digest(used.world());
    used.request(west); // not yet made when the state is restored
    used.restore_checkpoint(file);
    used.request(east);
    steps(used, 60);

    Simulation fresh(city, evening(*city), 1);
    fresh.restore_checkpoint(file);
    fresh.request(east);
    steps(fresh, 60);
    CHECK(state_digest(used.world()) == state_digest(fresh.world()));
    CHECK(state_digest(used.world()) != after_west);
}

TEST_CASE("a checkpoint of another city, scenario or seed is refused and changes nothing") {
    const auto city = toy_city::built();
    const Folder folder;
    const fs::path file = folder.path / "checkpoint.h5";
    Simulation saved(city, evening(*city), 1);
    steps(saved, 5);
    saved.save_checkpoint(file);

    auto other_city = std::make_shared<City>(*city);
    other_city->digest = "another";
    auto other_text = evening(*city);
    other_text->text = "another";
    auto other_seed = evening(*city);
    other_seed->seed = 77;
    const auto refused = [&](const std::shared_ptr<const City>& c,
                             const std::shared_ptr<const Scenario>& s) {
        Simulation simulation(c, s, 1);
        const std::string before = state_digest(simulation.world());
        std::string message = message_of([&] { simulation.restore_checkpoint(file); });
        CHECK(state_digest(simulation.world()) == before);
        return message;
    };
    CHECK(refused(other_city, evening(*city)).find("city") != std::string::npos);
    CHECK(refused(city, other_text).find("scenario text") != std::string::npos);
    CHECK(refused(city, other_seed).find("seed 5, this run has 77") != std::string::npos);
}

TEST_CASE("a file that is no checkpoint or is cut is refused by name") {
    const auto city = toy_city::built();
    const Folder folder;
    Simulation simulation(city, evening(*city), 1);
    const fs::path missing = folder.path / "missing.h5";
    CHECK(message_of([&] { simulation.restore_checkpoint(missing); }).find("no such file") !=
          std::string::npos);
    const fs::path text = folder.path / "text.h5";
    std::ofstream(text) << "not HDF5";
    CHECK(message_of([&] { simulation.restore_checkpoint(text); }).find("not an HDF5 file") !=
          std::string::npos);
    const fs::path cut = folder.path / "cut.h5";
    simulation.save_checkpoint(cut);
    fs::resize_file(cut, fs::file_size(cut) / 2);
    CHECK(message_of([&] { simulation.restore_checkpoint(cut); }).find("cut.h5") !=
          std::string::npos);
}

TEST_CASE("a checkpoint that cannot be written leaves nothing behind") {
    const auto city = toy_city::built();
    Simulation simulation(city, evening(*city), 1);
    CHECK_THROWS_AS(simulation.save_checkpoint("/nowhere/checkpoint.h5"), RunError);
    simulation.request({0.0, "lamp", SwitchLamps{{LampId(0u)}, false}});
    const Folder folder;
    CHECK_THROWS_AS(simulation.save_checkpoint(folder.path / "c.h5"), UsageError);
    CHECK(fs::is_empty(folder.path));
}
