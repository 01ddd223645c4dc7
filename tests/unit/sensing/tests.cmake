veste_test(veste_test_sensing LABEL unit FOLDERS base sensing
    SOURCES unit/sensing/test_sensing.cpp)
