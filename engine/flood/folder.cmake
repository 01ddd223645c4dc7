# Neither option changes a number: square roots need not set errno, and comparisons need not trap,
# so that loops become vector code.
set_source_files_properties(flood/kernels.cpp PROPERTIES
    COMPILE_OPTIONS "-fno-math-errno;-fno-trapping-math")
veste_folder(flood
    SOURCES
        flood/flood.cpp
        flood/grid.cpp
        flood/kernels.cpp
    LIBRARIES fmt::fmt)
