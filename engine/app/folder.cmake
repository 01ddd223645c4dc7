add_executable(veste)
target_sources(veste PRIVATE app/main.cpp)
target_link_libraries(veste PRIVATE veste_engine CLI11::CLI11 spdlog::spdlog_header_only fmt::fmt)
