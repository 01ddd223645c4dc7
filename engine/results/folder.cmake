veste_folder(results
    SOURCES
        results/checked_arrays.cpp
        results/comparison.cpp
        results/comparison_chart.cpp
        results/indicators.cpp
        results/map_layers.cpp
        results/meter.cpp
        results/raster_window.cpp
        results/reader.cpp
        results/record_indicators.cpp
        results/record_movers.cpp
        results/record_rasters.cpp
        results/record_states.cpp
        results/recorder.cpp
        results/results_map.cpp
    LIBRARIES fmt::fmt)
