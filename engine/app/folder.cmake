add_executable(veste
    app/city_commands.cpp
    app/export_command.cpp
    app/main.cpp
    app/progress.cpp
    app/results_commands.cpp
    app/scenario_commands.cpp)
target_link_libraries(veste PRIVATE veste_engine CLI11::CLI11 spdlog::spdlog fmt::fmt)
