veste_test(veste_verify_ambient LABEL verification FOLDERS base ambient
    SOURCES verification/ambient/test_light.cpp)
