#include "support/demo_scenario.hpp"

#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <thread>
#include <vector>

using namespace veste::test;
namespace fs = std::filesystem;

/// Runs that end before their time: the results file stays readable up to there.
namespace {

/// Starts the command without waiting; its output goes to a file.
pid_t start_veste(const std::vector<std::string>& arguments, const fs::path& log) {
    const pid_t pid = fork();
    if (pid != 0) {
        return pid;
    }
    std::vector<char*> argv = {const_cast<char*>(VESTE_COMMAND)};
    for (const std::string& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    const int to = open(log.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    dup2(to, STDOUT_FILENO);
    dup2(to, STDERR_FILENO);
    execv(VESTE_COMMAND, argv.data());
    _exit(127);
}

/// Reads with h5py while another process writes, or after it was killed: "FRAMES LAST_TIME ROWS".
CommandResult frames_in(const fs::path& results) {
    return run_command(VESTE_PYTHON " -c \"import h5py; f = h5py.File('" + results.string() +
                       "', 'r', libver='latest', swmr=True); t = f['pedestrians/frames/time'][:]; "
                       "n = f['pedestrians/frames/count'][:]; x = f['pedestrians/rows/x'][:]; "
                       "assert len(x) >= n.sum() and x.min() > 0; "
                       "print(len(t), t[-1] if len(t) else -1, len(x))\"");
}

int frames_of(const CommandResult& read) {
    return read.exit_code == 0 ? std::stoi(read.output) : -1;
}

/// Waits until the file holds some frames; false after 120 s.
bool has_frames_soon(const fs::path& results) {
    for (int k = 0; k < 240; ++k) {
        if (fs::exists(results) && frames_of(frames_in(results)) > 10) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
    return false;
}

} // namespace

TEST_CASE("a results file is readable while it is written and after kill -9") {
    const TemporaryFolder folder;
    const fs::path scenario = folder.write("scenario.toml", short_evening("40 min"));
    const fs::path results = folder / "out.h5";
    const pid_t pid =
        start_veste({"run", scenario.string(), "-o", results.string()}, folder / "log");
    CHECK(has_frames_soon(results));
    kill(pid, SIGKILL);
    int status = 0;
    waitpid(pid, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    const CommandResult read = frames_in(results);
    CAPTURE(read.output);
    CHECK(frames_of(read) > 10);
    const CommandResult info = run_veste("info " + results.string());
    CAPTURE(info.output);
    CHECK(info.exit_code == 0);
    CHECK(info.output.find("incomplete") != std::string::npos);
}

TEST_CASE("a run that is told to stop closes its file and says until when it got") {
    const TemporaryFolder folder;
    const fs::path scenario = folder.write("scenario.toml", short_evening("40 min"));
    const fs::path results = folder / "out.h5";
    const fs::path log = folder / "log";
    const pid_t pid = start_veste({"run", scenario.string(), "-o", results.string()}, log);
    CHECK(has_frames_soon(results));
    kill(pid, SIGTERM);
    int status = 0;
    waitpid(pid, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 1);
    const CommandResult told = run_command("cat " + log.string());
    CAPTURE(told.output);
    CHECK(told.output.find("stopped at") != std::string::npos);
    const CommandResult plain =
        run_command(VESTE_PYTHON " -c \"import h5py; f = h5py.File('" + results.string() +
                    "', 'r'); print(len(f['pedestrians/frames/time']))\"");
    CAPTURE(plain.output);
    CHECK(plain.exit_code == 0);
    CHECK(std::stoi(plain.output) > 10);
}

TEST_CASE("a full disk stops the run with a clear error and leaves a readable file") {
    const TemporaryFolder folder;
    const fs::path scenario = folder.write("scenario.toml", short_evening("40 min"));
    const fs::path results = folder / "out.h5";
    // A limit on file size stands for the full disk: writing beyond it fails with an error.
    const CommandResult run =
        run_command("bash -c \"ulimit -f 1500; trap '' XFSZ; exec " VESTE_COMMAND " run " +
                    scenario.string() + " -o " + results.string() + "\"");
    CAPTURE(run.output);
    CHECK(run.exit_code == 1);
    CHECK(run.output.find("out.h5") != std::string::npos);
    const CommandResult info = run_veste("info " + results.string());
    CAPTURE(info.output);
    CHECK(info.exit_code == 0);
}
