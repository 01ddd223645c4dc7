veste_test(veste_test_city_ground LABEL unit FOLDERS base city
    SOURCES
        unit/city/ground_support.cpp
        unit/city/test_assets.cpp
        unit/city/test_bad_cities.cpp
        unit/city/test_cityjson.cpp
        unit/city/test_pockets.cpp
        unit/city/test_raster_reading.cpp
        unit/city/test_recipe.cpp
        unit/city/test_terrain.cpp
        unit/city/test_vector_layers.cpp)
veste_test(veste_test_city_walk LABEL unit FOLDERS base city
    SOURCES
        unit/city/full_city.cpp
        unit/city/test_city_file.cpp
        unit/city/test_city_map.cpp
        unit/city/test_damaged_city_file.cpp
        unit/city/test_mesh.cpp
        unit/city/test_walk_areas.cpp
        unit/city/test_walk_monaco.cpp)
veste_test(veste_test_city_streets LABEL unit FOLDERS base city
    SOURCES
        unit/city/test_osm_reader.cpp
        unit/city/test_osm_streets.cpp
        unit/city/test_street_assembly.cpp
        unit/city/test_street_tags.cpp)
veste_test(veste_test_cities LABEL unit FOLDERS base city
    SOURCES
        unit/city/ground_support.cpp
        unit/city/test_cities.cpp
        unit/city/test_city_layers.cpp)
