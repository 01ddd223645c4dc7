#pragma once
#include "base/geometry.hpp"

#include <filesystem>
#include <string>

class OGRSpatialReference;

/// What all GDAL readers share. Only sources that read through GDAL include this.
namespace veste {

/// Registers GDAL's drivers once.
void start_gdal();

/// While it lives, GDAL's messages are kept (for our own errors) instead of printed.
class GdalMessages {
public:
    GdalMessages();
    ~GdalMessages();
    GdalMessages(const GdalMessages&) = delete;
    GdalMessages& operator=(const GdalMessages&) = delete;
    /// The last error, or an empty string.
    const std::string& last() const { return last_; }
    /// The same as " (TEXT)".
    std::string in_brackets() const { return last_.empty() ? "" : " (" + last_ + ")"; }
    void add(const char* text) { last_ = text; }

private:
    std::string last_;
};

/// The name GDAL opens: a .zip is read in place, the one file it holds or all of them as a folder.
/// Throws InputError when it is no whole archive.
std::string gdal_name(const std::filesystem::path& file);

/// Reads "EPSG:n", WKT, a URN or an OGC URL; heights are dropped, axes are x east, y north. Throws
/// InputError naming `where` when it is not a CRS.
void read_crs(OGRSpatialReference& crs, const std::string& text, const std::string& where);

/// The same place in another CRS (edges are followed, not only corners). Throws InputError naming
/// `where` when it cannot be projected.
Box2 transformed(const Box2& box, const std::string& from_crs, const std::string& to_crs,
                 const std::string& where);

/// EPSG code of the UTM zone (WGS 84) at a place.
int utm_epsg(double longitude_deg, double latitude_deg);

/// Throws InputError naming `where` unless the code is a projected CRS in metres.
void check_metre_crs(int epsg, const std::string& where);

} // namespace veste
