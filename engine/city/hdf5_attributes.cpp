#include "base/errors.hpp"
#include "city/hdf5_use.hpp"

#include <algorithm>
#include <fmt/format.h>

/// Attributes of groups and arrays.
namespace veste {

using namespace hdf5;

namespace {

/// Throws InputError where there is no single value of this name.
Handle attribute_at(std::int64_t file, const std::string& path, const std::string& name,
                    const std::string& where) {
    if (H5Aexists_by_name(file, path.c_str(), name.c_str(), H5P_DEFAULT) <= 0) {
        H5Eclear2(H5E_DEFAULT);
        throw InputError(where + ": is missing");
    }
    Handle attribute(checked<InputError>(H5Aopen_by_name(file, path.c_str(), name.c_str(),
                                                         H5P_DEFAULT, H5P_DEFAULT),
                                         where, "cannot be read"),
                     H5Aclose);
    const Handle space(checked<InputError>(H5Aget_space(attribute.get()), where, "cannot be read"),
                       H5Sclose);
    if (H5Sget_simple_extent_npoints(space.get()) != 1) {
        throw InputError(where + ": is not one value");
    }
    return attribute;
}

} // namespace

void Hdf5File::set_attribute(const std::string& path, const std::string& name,
                             std::string_view text) {
    const std::string where = name_.string() + ": " + path + ": " + name;
    const Handle object(
        checked<RunError>(H5Oopen(handle_, path.c_str(), H5P_DEFAULT), where, "has no place"),
        H5Oclose);
    const Handle type = text_type();
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    if (H5Aexists(object.get(), name.c_str()) > 0) {
        H5Adelete(object.get(), name.c_str());
    }
    const Handle attribute(checked<RunError>(H5Acreate2(object.get(), name.c_str(), type.get(),
                                                        space.get(), H5P_DEFAULT, H5P_DEFAULT),
                                             where, "cannot be made"),
                           H5Aclose);
    const std::string copy(text);
    const char* pointer = copy.c_str();
    checked<RunError>(H5Awrite(attribute.get(), type.get(), &pointer), where, "cannot be written");
}

void Hdf5File::set_fixed_attribute(const std::string& path, const std::string& name,
                                   std::string_view text) {
    const std::string where = name_.string() + ": " + path + ": " + name;
    const Handle object(
        checked<RunError>(H5Oopen(handle_, path.c_str(), H5P_DEFAULT), where, "has no place"),
        H5Oclose);
    const Handle type = fixed_text_type(std::max<std::size_t>(1, text.size()));
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle attribute(checked<RunError>(H5Acreate2(object.get(), name.c_str(), type.get(),
                                                        space.get(), H5P_DEFAULT, H5P_DEFAULT),
                                             where, "cannot be made"),
                           H5Aclose);
    const std::string padded = text.empty() ? std::string(1, '\0') : std::string(text);
    checked<RunError>(H5Awrite(attribute.get(), type.get(), padded.data()), where,
                      "cannot be written");
}

void Hdf5File::set_number(const std::string& path, const std::string& name, Element element,
                          const void* number) {
    const std::string where = name_.string() + ": " + path + ": " + name;
    const Handle object(
        checked<RunError>(H5Oopen(handle_, path.c_str(), H5P_DEFAULT), where, "has no place"),
        H5Oclose);
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    if (H5Aexists(object.get(), name.c_str()) > 0) {
        H5Adelete(object.get(), name.c_str());
    }
    const Handle attribute(
        checked<RunError>(H5Acreate2(object.get(), name.c_str(), stored_type_of(element),
                                     space.get(), H5P_DEFAULT, H5P_DEFAULT),
                          where, "cannot be made"),
        H5Aclose);
    checked<RunError>(H5Awrite(attribute.get(), type_of(element), number), where,
                      "cannot be written");
}

void Hdf5File::set_attribute(const std::string& path, const std::string& name, double number) {
    set_number(path, name, Element::F64, &number);
}

void Hdf5File::set_attribute(const std::string& path, const std::string& name,
                             std::int64_t number) {
    set_number(path, name, Element::I64, &number);
}

bool Hdf5File::has_attribute(const std::string& path, const std::string& name) const {
    return contains(path) &&
           H5Aexists_by_name(handle_, path.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

std::string Hdf5File::text_attribute(const std::string& path, const std::string& name) const {
    const std::string where = name_.string() + ": " + path + ": " + name;
    const Handle attribute = attribute_at(handle_, path, name, where);
    const Handle stored(H5Aget_type(attribute.get()), H5Tclose);
    if (H5Tget_class(stored.get()) != H5T_STRING) {
        throw InputError(where + ": is no text");
    }
    if (H5Tis_variable_str(stored.get()) <= 0) {
        std::string text(H5Tget_size(stored.get()), '\0');
        checked<InputError>(H5Aread(attribute.get(), stored.get(), text.data()), where,
                            "cannot be read");
        return text.substr(0, text.find('\0'));
    }
    const Handle type = text_type();
    char* pointer = nullptr;
    checked<InputError>(H5Aread(attribute.get(), type.get(), &pointer), where, "cannot be read");
    std::string text = pointer == nullptr ? "" : pointer;
    H5free_memory(pointer);
    return text;
}

double Hdf5File::number_attribute(const std::string& path, const std::string& name) const {
    const std::string where = name_.string() + ": " + path + ": " + name;
    const Handle attribute = attribute_at(handle_, path, name, where);
    double number = 0.0;
    checked<InputError>(H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &number), where,
                        "is no number");
    return number;
}

} // namespace veste
