#include "city/hdf5_use.hpp"

namespace veste::hdf5 {

std::string reason() {
    std::string text;
    H5Ewalk2(
        H5E_DEFAULT, H5E_WALK_UPWARD,
        [](unsigned n, const H5E_error2_t* error, void* to) -> herr_t {
            if (n == 0 && error->desc != nullptr) {
                *static_cast<std::string*>(to) = error->desc;
            }
            return 0;
        },
        &text);
    H5Eclear2(H5E_DEFAULT);
    // Where the system said why, HDF5 adds time, addresses and sizes around it.
    constexpr std::string_view mark = "error message = '";
    if (const std::size_t begin = text.find(mark); begin != std::string::npos) {
        const std::size_t first = begin + mark.size();
        return text.substr(first, text.find('\'', first) - first);
    }
    return text.empty() ? "no reason given" : text;
}

hid_t type_of(Element element) {
    switch (element) {
    case Element::I8:
        return H5T_NATIVE_INT8;
    case Element::I16:
        return H5T_NATIVE_INT16;
    case Element::I32:
        return H5T_NATIVE_INT32;
    case Element::I64:
        return H5T_NATIVE_INT64;
    case Element::U8:
        return H5T_NATIVE_UINT8;
    case Element::U16:
        return H5T_NATIVE_UINT16;
    case Element::U32:
        return H5T_NATIVE_UINT32;
    case Element::U64:
        return H5T_NATIVE_UINT64;
    case Element::F32:
        return H5T_NATIVE_FLOAT;
    case Element::F64:
        return H5T_NATIVE_DOUBLE;
    }
    return -1;
}

hid_t stored_type_of(Element element) {
    switch (element) {
    case Element::I8:
        return H5T_STD_I8LE;
    case Element::I16:
        return H5T_STD_I16LE;
    case Element::I32:
        return H5T_STD_I32LE;
    case Element::I64:
        return H5T_STD_I64LE;
    case Element::U8:
        return H5T_STD_U8LE;
    case Element::U16:
        return H5T_STD_U16LE;
    case Element::U32:
        return H5T_STD_U32LE;
    case Element::U64:
        return H5T_STD_U64LE;
    case Element::F32:
        return H5T_IEEE_F32LE;
    case Element::F64:
        return H5T_IEEE_F64LE;
    }
    return -1;
}

Handle text_type() {
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.get(), H5T_VARIABLE);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    return type;
}

Handle fixed_text_type(std::uint64_t bytes) {
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.get(), bytes);
    H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    return type;
}

Handle making_groups() {
    Handle properties(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
    H5Pset_create_intermediate_group(properties.get(), 1);
    return properties;
}

Handle array_properties() {
    Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_obj_track_times(properties.get(), 0);
    return properties;
}

void set_filters(hid_t properties, int deflate) {
    H5Pset_shuffle(properties);
    H5Pset_deflate(properties, static_cast<unsigned>(deflate));
    H5Pset_fletcher32(properties);
}

Handle array_space(const Extent& extent) {
    const std::vector<hsize_t> dims(extent.begin(), extent.end());
    return {H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose};
}

} // namespace veste::hdf5
