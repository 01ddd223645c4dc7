veste_folder(ambient
    SOURCES
        ambient/ambient.cpp
        ambient/lamps.cpp
        ambient/sun.cpp
    LIBRARIES fmt::fmt)
