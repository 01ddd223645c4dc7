veste_folder(traffic
    SOURCES
        traffic/entering.cpp
        traffic/following.cpp
        traffic/junctions.cpp
        traffic/lane_change.cpp
        traffic/measures.cpp
        traffic/order.cpp
        traffic/parameters.cpp
        traffic/planning.cpp
        traffic/reachability.cpp
        traffic/rerouting.cpp
        traffic/roads.cpp
        traffic/routing.cpp
        traffic/signals.cpp
        traffic/traffic_model.cpp
    LIBRARIES fmt::fmt)
