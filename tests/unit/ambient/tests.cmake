veste_test(veste_test_ambient LABEL unit FOLDERS base ambient
    SOURCES unit/ambient/test_ambient.cpp)
