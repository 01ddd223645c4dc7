#pragma once
#include "verification/experiments/trajectories.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Measured experiments simulated in their own geometry, with the measured arrivals and the
/// engine's default parameters.
namespace experiments {

/// An experiment in which people walk through once. Geometry as documented by the archive
/// (Pedestrian Dynamics Data Archive, Forschungszentrum Jülich) and, where it is silent, as the
/// extent of the paths shows it.
struct Experiment {
    std::string name;
    Tracks measured;
    std::vector<Box2> floor;      ///< walkable rectangles, m
    Box2 goal{{0, 0}, {0, 0}};    ///< people are gone there
    Box2 area{{0, 0}, {0, 0}};    ///< where density and speed are measured
    Progress progress;            ///< 0 at the line of the count N(t)
    double width_m = 0.0;         ///< of the line
    double free_speed_mps = 1.34; ///< default profile: Weidmann 1993
    double free_speed_sd_mps = 0.26;
    bool is_calibration = false;   ///< the defaults were fitted to it; else only shown
    bool begins_at_signal = false; ///< all stand there from the first frame: N(t) counts from the
                                   ///< first who passes
};

/// The nine files of the Hermes corridor, 1.8 m wide and 8 m long (Zhang, Klingsch, Schadschneider,
/// Seyfried 2011): entrance and exit as the name's first and last number. Free speeds as
/// people walk in the file of lowest density, uo-050-180-180.
std::vector<std::string> corridor_names();
Experiment corridor(const std::string& name);
/// Corridor 5 m wide, file traj_UNI_CORR_500_01.
Experiment wide_corridor();
/// 75 people before an opening of 0.5 m, file 040_c_56_h- (doi 10.34735/ped.2018.1).
Experiment narrow_door();
/// 46 pupils before an opening of 0.8 m, file 00_01a (doi 10.34735/ped.2014.1).
Experiment school_door();

/// Everyone enters where and when they were first seen, or as soon after as 0.3 m around is free.
Tracks simulate(const Experiment& experiment, std::uint64_t seed);

/// When people pass the line, s; from the first on where the experiment begins at a signal.
std::vector<double> counted_times(const Experiment& experiment, const Tracks& tracks);

/// The time between which a quarter and four fifths have passed the line: steady for every file.
/// Our assumption, the same rule for measured and simulated people.
struct Window {
    double from_s;
    double to_s;
};
Window steady(const std::vector<double>& passed_s);

/// Flow between the first and last of the steady window by metre of the line, 1/(m s).
double flow_per_m_s(const std::vector<double>& passed_s, double width_m);

/// Single file on the oval of the CROMA experiments (doi 10.34735/ped.2021.5): straights of 2.3 m,
/// curves of radius 1.65 m on the middle line, as the paths show. People were told not to overtake,
/// which is simulated by a way too narrow for it, 0.5 m (our assumption).
struct HeadwaySample {
    double headway_m; ///< along the middle line, to the next in front
    double speed_mps; ///< along the middle line, over one second
};
Tracks oval_measured(int people);
Tracks oval_simulated(int people, std::uint64_t seed);
/// Every second from 20 s on, when the start is forgotten.
std::vector<HeadwaySample> headways(const Tracks& tracks);

} // namespace experiments
