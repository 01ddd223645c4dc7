#pragma once
#include <string>

/// A complete scenario of the toy town that uses every key; where keys exclude each other it has
/// one table for each.
namespace veste::test {

inline const std::string town_scenario = R"(
# What is simulated, where, and with which random numbers.
name = "Evening in town"
description = "A concert on the yard, a cloudburst, a street closed"
city = "town.h5"                           # city file or recipe, relative to this file
crs = "EPSG:32632"                         # of all coordinates in this file
seed = 7

[clock]
date = "2026-06-21"
start = "20:00"
duration = "40 min"
utc_offset = "2 h"

[steps]
tick = "1 s"
traffic = "0.5 s"
pedestrians = "0.1 s"

# ---- places
[[place]]
name = "quay"
area = "Quay"                              # a named area of the city
[[place]]
name = "yard"
polygon = [[100, 20], [140, 20], [140, 60], [100, 60]]
exact = true                                # walkable ground is cut along its outline
level = 0
[[place]]
name = "plaza west"
circle = { at = [30, 40], radius = "10 m" }
[[place]]
name = "plaza east"
file = "plan.geojson"                      # drawn in QGIS; any vector format of GDAL
layer = "plan"
feature = "East side"
name_attribute = "title"
crs = "EPSG:32632"                         # the file tells none

# ---- people
[[profile]]
name = "adult"
free_speed = { mean = "1.34 m/s", sd = "0.26 m/s", min = "0.58 m/s", max = "2 m/s" }
radius = "0.2 m"
time_gap = "1.06 s"
impaired_share = 0.05
radius_sd = "1 cm"
patience = "6 s"
height = "1.75 m"
mass = "75 kg"
stairs_up = 0.4
stairs_down = 0.5
informed = 0.3
avoids_dark = 0.4
familiar = 0.9
reaction = { shape = "gamma", mean = "20 s", sd = "8 s", min = "2 s", max = "2 min" }
[profile.collision_free_speed]             # what is not given is that of [walking]
repulsion_strength = 2.5
repulsion_range = "15 cm"
wall_strength = 3
wall_range = "5 cm"
wall_share = 1.3
tight_wall_share = 0.3
body_share = 1.7
shoulder_share = 1
width_share = 1.5
least_share = 0.8
squeezed_width_share = 0.5
squeezed_least_share = 0.65
contact_share = 0.85
contact = "0.6 s"
anticipation = "0.8 s"
held_up_share = 0.6
single_file_share = 0.85
single_file_gaps = 2.4
pressing = "20 s"
[[profile]]
name = "senior"
free_speed = { mean = "1 m/s" }
[[profile]]
name = "tourist"
model = "anticipation velocity"
anticipation_velocity = { repulsion_strength = 7, repulsion_range = "0.2 m", anticipation = "0.9 s", reaction = "0.2 s", time_gap = "1 s", wall_buffer = "0.05 m" }
[[profile]]
name = "pupil"
kind = "child"
age = { mean = 9, sd = 1, min = 7, max = 12 }
model = "social force"
social_force = { social_strength = 1900, social_range = "0.07 m", body_stiffness = 1.1e5, friction = 2.3e5, relaxation = "0.4 s" }

[walking]
reroute_every = "20 s"
exit_spread = "4 s"
sight = "40 m"
social_influence = "8 s"
social_every = "10 s"
dark_detour = 1.5
route_spread = "6 m"
tastes = 4
model = "collision-free speed"             # of people whose profile names none
collision_free_speed = { body_share = 1.65, held_up_share = 0.75 }
anticipation_velocity = { time_gap = "0.9 s" }
social_force = { relaxation = "0.6 s" }

[[pedestrians]]
name = "strollers"
count = 80
profiles = { adult = 3, senior = 1 }
from = "plaza west"
to = ["yard", "plaza east"]
departure = { begin = "20:05", end = "30 min", shape = "triangular" }
groups = { share = 0.6, sizes = { 2 = 3, 4 = 1 } }
destination_choice = "quickest"
knows_places = 0.7
journey = "drink"

[[pedestrians]]
name = "tram riders"
count = 50
from = "plaza east"
to = "plaza west"
arrivals = { first = "20:02", every = "5 min", per_vehicle = 20, alighting = "1.5 /s" }
journey = "ride"

# ---- a concert: ticket check, then search
[[gate]]
name = "tickets"
at = [99, 40]
level = 0
service_rate = "15 /min"
lanes = 4
open = false
next = "search"
[[gate]]
name = "search"
at = [102, 40]
lanes = 2
service = { shape = "log-normal", mean = "6 s", sd = "3 s" }
queue_line = [[101, 40], [99.5, 40], [98, 40]]

[[barrier]]
name = "fence"
line = [[40, 30], [40, 35], [40, 50]]
level = 0
up = false
[[barrier]]
name = "one way"
from = [30, 38]
to = [30, 42]
towards = [10, 40]

[[journey]]
name = "drink"
[[journey.stages]]
name = "bar"
kind = "wait"
at = "plaza west"
time = { shape = "constant", mean = "2 min" }
until = "20:05"
front = [20, 40]
next = { wash = 1, leave = 3 }
[[journey.stages]]
name = "wash"
kind = "queue"
gates = "search"
[[journey.stages]]
name = "pen"
kind = "hold"
at = "plaza west"
release = "30 /min"
[[journey]]
name = "ride"
[[journey.stages]]
name = "bus stop"
kind = "board"
at = "plaza west"
every = "5 min"
vehicle_capacity = 80
first = "20:10"

[[event]]
name = "concert"
stage = "yard"
focus = [139, 40]
visitors = 500
capacity = 400
profiles = "adult"
gates = ["tickets"]
from = { "plaza west" = 1, "plaza east" = 2 }
exits = "plaza west"
arrival = { begin = "20:01", end = "20:20", shape = "normal" }
egress = { begin = "20:30", end = "20:35" }
groups = { share = 0.5 }
before = "drink"
after = "drink"

# ---- vehicles
[[vehicles]]
name = "through traffic"
count = 100
[[vehicles]]
name = "locals"
count = 20
classes = { car = 0.9, van = 0.1 }
from = ["West Street", "quay"]
to = { "North Street" = 2, "Park Lane" = 1 }
departure = { begin = "20:00", end = "20:40" }

[[emergency_route]]
from = "Fire Station 1"
to = [2, 150]

# ---- weather
[weather]
flood = true
border = "closed"                          # water stays inside
cloud_cover = 0.8
rain = [["19:50", "2 mm/h"], ["20:20", "60 mm/h"], ["20:35", "0 mm/h"]]
# storm = { ... } instead of rain
[[weather.inflow]]
name = "burst main"
place = "plaza west"
flow = [["20:10", "0 m3/s"], ["20:12", "300 l/s"], ["20:30", "0 m3/s"]]

# ---- sensors
[sensing]
interval = "60 s"
relative_noise = 0.1
absolute_noise = 0.5
[[sensor]]
name = "yard counter"
kind = "crowd_counter"
at = [110, 40]
range = "25 m"
feeder = "feeder east"
[[sensor]]
name = "west loop"
kind = "loop_detector"
at = [-100, 1]

# ---- signal plans: another cycle, other durations, or phases of their own
[[signal_plan]]
name = "evening"
signal = 1                                 # OSM node
cycle = "90 s"
offset = "5 s"
[[signal_plan]]
name = "long walks"
signal = [1, 1]
durations = @DURATIONS@
[[signal_plan]]
name = "all round"
signal = "East Street / North Street"
phases = @PHASES@

# ---- the timeline
[[change]]
at = "0 s"
gate = { name = "tickets", open = true }
[[change]]
at = "20:05"
text = "police close East Street"
close = { street = "East Street", who = "vehicles", admits = ["emergency", "bus"] }
[[change]]
at = "20:30"
open = { street = "East Street" }
[[change]]
at = "20:06"
close = { way = 77, footpath = "Passage", place = "quay", polygon = [[60, 20], [70, 20], [70, 30]], who = "all" }
[[change]]
at = "20:07"
open = { way = 77 }
[[change]]
at = "20:08"
one_way = { street = "South Street", towards = "North Street" }
[[change]]
at = "20:08"
speed_limit = { street = ["West Street", "South Street"], limit = "20 km/h" }
[[change]]
at = "20:09"
lamps = { street = "West Street", on = false }
[[change]]
at = "20:10"
lamps = { all = true, on = true }
[[change]]
at = "20:11"
feeder = { name = "feeder west", on = false }
[[change]]
at = "20:12"
feeder = { at = [100, 100], on = false }
[[change]]
at = "20:13"
sensor = { name = "yard counter", on = false }
[[change]]
at = "20:14"
signal_plan = { signal = 1, plan = "evening" }
[[change]]
at = "20:15:30"
rainfall = "45 mm/h"

[[change]]
at = "20:31"
evacuate = { name = "alarm", place = "plaza west", exits = "plaza east", share = 0.9, reaction = { mean = "20 s" } }
[[change]]
at = "20:32"
message = { place = "plaza west", gates = "search", share = 0.5, reaction = { mean = "5 s" } }
[[change]]
at = "20:33"
post = { name = "warden", at = [20, 40], level = 0, reach = "20 m", exits = "plaza east", share = 0.5, reaction = { mean = "5 s" } }
[[change]]
at = "20:33"
post = { at = [20, 40], gates = "search" }
[[change]]
at = "20:33"
message = { exits = "plaza east" }
[[change]]
at = "20:33"
message = { place = "plaza west", closures = true }
[[change]]
at = "20:33"
post = { at = [20, 40], closures = true }
[[change]]
at = "20:34"
lift = { name = "alarm" }
[[change]]
at = "20:34:30"
barrier = { name = "fence", up = true }
[[change]]
at = "20:35"
release = { journey = "drink", stage = "pen", rate = "1 /s" }

[[rule]]
name = "second lane"
when = { sensor = "yard counter", above = 300, for = "3 min" }
do = { gate = { name = "search", open = true } }
[[rule]]
name = "plaza under water"
when = { sensor = "plaza gauge", above = "20 cm" }
do.close = { place = "plaza west", who = "people" }

[[measurement_line]]
name = "gate"
from = [90, 36]
to = [90, 44]
level = 0
[[measurement_area]]
name = "all of the yard"
place = "yard"
cut_off = "1.5 m"
[[measurement_area]]
name = "before the gate"
polygon = [[88, 38], [92, 38], [92, 42], [88, 42]]
level = 0

[outputs]
trajectories = true
water = true
illuminance = false
trajectories_every = "2 s"
rasters_every = "30 s"
signals_every = "5 s"
indicators_every = "60 s"
measures_every = "5 s"
voronoi_every = "20 s"
heat_maps = true
heat_maps_every = "4 s"
heat_cell = "50 cm"
heat_threshold = 3.5
raster_cell = "20 m"
area = "quay"
)";

/// A second one for the keys that the first cannot have beside others.
inline const std::string town_storm = R"(
city = "town.h5"
crs = "EPSG:32632"
[clock]
date = 2026-06-21
start = "23:30"
duration = "2 h"
utc_offset = "2 h"
[weather]
storm = { begin = "23:40", duration = "60 min", total = "30 mm", shape = "triangular", peak = 0.25, step = "5 min" }
[[rule]]
name = "few people"
when = { sensor = "plaza camera", below = 2 }
do = { rainfall = "0 mm/h" }
[[change]]
at = "00:30"
rainfall = "12 mm/h"
)";

} // namespace veste::test
