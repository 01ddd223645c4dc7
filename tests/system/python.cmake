# Tests in Python: files and commands as users see them.
add_test(NAME "the results file as h5py, pandas and GDAL see it"
    COMMAND ${Python3_EXECUTABLE} -m pytest -q -p no:cacheprovider
            ${CMAKE_CURRENT_SOURCE_DIR}/system/test_results_format.py)
set_tests_properties("the results file as h5py, pandas and GDAL see it" PROPERTIES
    LABELS system
    ENVIRONMENT "WRITE_TOY_RESULTS=$<TARGET_FILE:write_toy_results>;PYTHONDONTWRITEBYTECODE=1")
