veste_folder(results
    SOURCES
    LIBRARIES fmt::fmt hdf5::hdf5 PkgConfig::cairo GDAL::GDAL)
