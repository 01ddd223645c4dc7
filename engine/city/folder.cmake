veste_folder(city
    SOURCES
        city/assets.cpp
        city/buildings.cpp
        city/city_frame.cpp
        city/cityjson.cpp
        city/coastline.cpp
        city/constrained_delaunay.cpp
        city/drains.cpp
        city/gdal_use.cpp
        city/geos_use.cpp
        city/lamps.cpp
        city/mesh_assembly.cpp
        city/osm_areas.cpp
        city/osm_reader.cpp
        city/polygon_ops.cpp
        city/projection.cpp
        city/rasters.cpp
        city/recipe.cpp
        city/recipe_section.cpp
        city/sensors.cpp
        city/terrain.cpp
        city/triangulation.cpp
        city/vectors.cpp
        city/walk_mesh.cpp
        city/waters_and_places.cpp
    LIBRARIES fmt::fmt GDAL::GDAL GEOS::geos_c hdf5::hdf5 PkgConfig::cairo nlohmann_json::nlohmann_json
              tomlplusplus::tomlplusplus ZLIB::ZLIB BZip2::BZip2 EXPAT::EXPAT Threads::Threads)
