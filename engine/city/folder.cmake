veste_folder(city
    SOURCES
        city/walk_mesh.cpp
    LIBRARIES fmt::fmt GDAL::GDAL GEOS::geos_c hdf5::hdf5 PkgConfig::cairo nlohmann_json::nlohmann_json
              tomlplusplus::tomlplusplus ZLIB::ZLIB BZip2::BZip2 EXPAT::EXPAT Threads::Threads)
