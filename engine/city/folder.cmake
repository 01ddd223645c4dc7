veste_folder(city
    SOURCES
        city/cityjson.cpp
        city/coastline.cpp
        city/gdal_use.cpp
        city/osm_areas.cpp
        city/osm_reader.cpp
        city/polygon_ops.cpp
        city/projection.cpp
        city/rasters.cpp
        city/recipe.cpp
        city/recipe_section.cpp
        city/vectors.cpp
        city/walk_mesh.cpp
    LIBRARIES fmt::fmt GDAL::GDAL GEOS::geos_c hdf5::hdf5 PkgConfig::cairo nlohmann_json::nlohmann_json
              tomlplusplus::tomlplusplus ZLIB::ZLIB BZip2::BZip2 EXPAT::EXPAT Threads::Threads)
