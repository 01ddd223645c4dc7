#include "problem_cases.hpp"

namespace veste::test {

std::vector<ProblemCase> people_cases() {
    const std::string people = "[[pedestrians]]\nname = \"walkers\"\ncount = 5\n";
    const std::string gate = "[[gate]]\nname = \"west\"\nat = [90, 40]\n";
    const std::string east = "[[gate]]\nname = \"east\"\nat = [98, 40]\n";
    const std::string event = "[[event]]\nname = \"fair\"\nstage = \"yard\"\nfrom = \"plaza\"\n"
                              "exits = \"plaza\"\n";
    const std::string fair = event + "visitors = 9\n";
    return {
        {"a negative count",
         "[[pedestrians]]\nname = \"a\"\ncount = -5 #!\nfrom = \"plaza\"\nto = \"yard\"",
         {"pedestrians \"a\": count = -5: allowed 0 to 1000000 people"}},
        {"an unknown place",
         people + "from = \"plasa\" #!\nto = \"yard\"",
         {"from: there is no place \"plasa\", did you mean plaza?; known are "}},
        {"a place without walkable ground",
         people + "from = \"plaza\"\nto = \"roof\" #!",
         {"to: place \"roof\" (line ", "holds no walkable ground"}},
        {"an unknown profile",
         people + "from = \"plaza\"\nto = \"yard\"\nprofiles = \"adult\" #!",
         {"profiles: there is no profile \"adult\"; there are none"}},
        {"arrivals beside a departure",
         "[[pedestrians]] #!\nname = \"walkers\"\ncount = 5\nfrom = \"plaza\"\nto = \"yard\"\n"
         "departure = { begin = \"20:05\" }\n"
         "arrivals = { every = \"5 min\", per_vehicle = 20 }",
         {"may have only one of departure, arrivals"}},
        {"arrivals of nobody",
         people + "from = \"plaza\"\nto = \"yard\"\n"
                  "arrivals = { every = \"5 min\", per_vehicle = 0 } #!",
         {"arrivals.per_vehicle = 0: allowed 1 to 10000 people"}},
        {"vehicles without places",
         "[[journey]]\nname = \"j\"\n[[journey.stages]] #!\nname = \"a\"\nkind = \"board\"\n"
         "at = \"plaza\"\nevery = \"5 min\"",
         {"vehicle_capacity is missing, which board with every needs"}},
        {"vehicles for a stage that is not boarded",
         "[[journey]]\nname = \"j\"\n[[journey.stages]]\nname = \"a\"\nkind = \"hold\"\n"
         "at = \"plaza\"\nevery = \"5 min\" #!\nvehicle_capacity = 9",
         {"every = \"5 min\": is only for board"}},
        {"a rate for a stage that is left in vehicles",
         "[[journey]]\nname = \"j\"\n[[journey.stages]]\nname = \"a\"\nkind = \"board\"\n"
         "at = \"plaza\"\nevery = \"5 min\"\nvehicle_capacity = 9\n[[change]]\nat = \"20:05\"\n"
         "release = { journey = \"j\", stage = \"a\", rate = \"1 /s\" } #!",
         {"is left in vehicles, not at a rate"}},
        {"parameters of another walking model",
         "[[profile]]\nname = \"a\"\nmodel = \"social force\"\n"
         "collision_free_speed = { body_share = 1.5 } #!",
         {"profile \"a\": collision_free_speed = ", "is of another model than this profile's, "
                                                    "\"social force\"; give model = "
                                                    "\"collision-free speed\", or social_force"}},
        {"a least distance above the spacing at standstill",
         "[[profile]]\nname = \"a\"\ncollision_free_speed = { body_share = 0.5, shoulder_share = "
         "0.4 } #!",
         {"least_share 0.73 must not exceed body_share 0.5"}},
        {"a share beyond its limits",
         "[walking]\ncollision_free_speed = { body_share = 9 } #!",
         {"body_share = 9: allowed 0.3 to 3"}},
        {"a negative weight",
         people + "from = { plaza = -1 } #!\nto = \"yard\"",
         {"from = -1: weight of plaza must be a number above 0"}},
        {"no origin at all",
         people + "from = [] #!\nto = \"yard\"",
         {"from = []: names nothing; wanted is a name"}},
        {"a number for a place",
         people + "from = 3 #!\nto = \"yard\"",
         {"from = 3: is a whole number; wanted is a name"}},
        {"a walk to where they are, told twice",
         people + "from = [\"plaza\", \"plaza\"]\nto = [\"plaza\", \"plaza\"] #!",
         {"is where they come from; wanted is another place"}},
        {"a destination cut off",
         people + "from = \"plaza\"\nto = [\"yard\", \"isle\"] #!",
         {"to = [\"yard\", \"isle\"]: no way on foot to \"isle\" from \"plaza\"",
          "does not hang together"}},
        {"a destination closed from the start",
         people + "from = \"plaza\"\nto = \"yard\" #!\n[[change]]\nat = \"0 s\"\n"
                  "close = { footpath = \"Passage\" }",
         {"no way on foot to \"yard\" from \"plaza\"", "a change closes the only way"}},
        {"a destination that is the origin",
         people + "from = \"plaza\"\nto = \"plaza\" #!",
         {"is where they come from; wanted is another place"}},
        {"a departure that ends before it begins",
         people +
             "from = \"plaza\"\nto = \"yard\"\ndeparture = { begin = \"20:20\", end = \"20:10\" "
             "} #!",
         {"departure.end = \"20:10\": is before begin"}},
        {"a departure after the run",
         people +
             "from = \"plaza\"\nto = \"yard\"\ndeparture = { begin = \"20:50\", end = \"20:55\" "
             "} #!",
         {"departure.begin = \"20:50\": is after the end of the run, 20:40"}},
        {"a departure before the run",
         people + "from = \"plaza\"\nto = \"yard\"\ndeparture = { begin = \"19:50\" } #!",
         {"departure.begin = \"19:50\": is before the start of the run, 20:00"}},
        {"a departure that is no moment",
         people + "from = \"plaza\"\nto = \"yard\"\ndeparture = { begin = \"soon\" } #!",
         {"\"soon\": wanted is a clock time such as \"20:10\" or a time since the start such as "
          "\"10 min\""}},
        {"an unknown shape",
         people + "from = \"plaza\"\nto = \"yard\"\ndeparture = { shape = \"triangle\" } #!",
         {"shape = \"triangle\": allowed are uniform, triangular, normal, did you mean "
          "triangular?"}},
        {"two demands of one name",
         people +
             "from = \"plaza\"\nto = \"yard\"\n[[pedestrians]]\nname = \"walkers\" #!\ncount = "
             "1\nfrom = \"plaza\"\nto = \"yard\"",
         {"another demand has this name already"}},
        {"a gate off the walkable ground",
         "[[gate]]\nname = \"west\"\nat = [0, 300] #!",
         {"gate \"west\": at = [0, 300]: no walkable ground within 5 m"}},
        {"a gate outside the city",
         "[[gate]]\nname = \"west\"\nat = [7.42, 4373] #!",
         {"lies outside the city"}},
        {"a negative service rate",
         gate + "service_rate = \"-0.5 /s\" #!",
         {"service_rate = \"-0.5 /s\": allowed 0.001 to 10 /s"}},
        {"a service rate in another dimension",
         gate + "service_rate = \"4 s\" #!",
         {"s is a time; wanted is a rate such as \"4 /s\""}},
        {"a gate without lanes", gate + "lanes = 0 #!", {"lanes = 0: allowed 1 to 100 lanes"}},
        {"two gates of one name",
         gate + "[[gate]]\nname = \"west\" #!\nat = [95, 40]",
         {"another gate has this name already"}},
        {"an unknown next gate",
         gate + "next = \"eats\" #!\n" + east,
         {"next: there is no gate \"eats\", did you mean east?"}},
        {"an endless loop of gates",
         gate + "next = \"east\" #!\n" + east + "next = \"west\"\n" + fair + "gates = [\"west\"]",
         {"next = \"east\": the gates form an endless loop, west -> east -> west"}},
        {"a gate that leads to itself",
         gate + "next = \"west\" #!",
         {"endless loop, west -> west"}},
        {"no gate where gates are listed",
         fair + "gates = [] #!",
         {"event \"fair\": gates = []: names nothing; wanted is a name or a list of names"}},
        {"an unknown gate of an event",
         gate + fair + "gates = [\"wset\"] #!",
         {"gates: there is no gate \"wset\", did you mean west?"}},
        {"gates closed and never opened",
         gate + "open = false\n" + fair + "gates = [\"west\"] #!",
         {"gates = [\"west\"]: no visitor can get in: west is closed when they arrive and never "
          "opened; open one at the start, by a change or by a rule"}},
        {"a gate closed before they arrive",
         gate + fair +
             "gates = [\"west\"] #!\n[[change]]\nat = \"0 s\"\n"
             "gate = { name = \"west\", open = false }",
         {"west is closed when they arrive and never opened"}},
        {"a closed gate behind an open one",
         gate + "next = \"east\"\n" + east + "open = false\n" + fair + "gates = [\"west\"] #!",
         {"east is closed when they arrive"}},
        {"a gate cut off from the stage",
         "[[gate]]\nname = \"isle gate\"\nat = [30, 110]\n" + fair + "gates = [\"isle gate\"] #!",
         {"no way on foot to \"yard\" from \"isle gate\""}},
        {"a closed only exit",
         "[[event]]\nname = \"fair\"\nstage = \"yard\"\nfrom = \"plaza\"\nvisitors = 9\n"
         "exits = \"plaza\" #!\negress = { begin = \"20:20\", end = \"20:30\" }\n"
         "[[change]]\nat = \"20:10\"\nclose = { way = 77 }",
         {"exits = \"plaza\": no way on foot to \"plaza\" from \"yard\"",
          "a change closes the only way and none opens it again"}},
        {"more visitors than can stand",
         event + "visitors = 90000\ncapacity = 20000 #!",
         {"capacity = 20000: 20000 people on the 1600 m2 of \"yard\" would be 12.5 a m2; allowed "
          "are 11200"}},
        {"a stage without walkable ground",
         "[[event]]\nname = \"fair\"\nstage = \"roof\" #!\nvisitors = 9\nfrom = \"plaza\"\nexits = "
         "\"plaza\"",
         {"stage: place \"roof\""}},
        {"a focus outside the city",
         fair + "focus = [900, 0] #!",
         {"focus = [900, 0]: 900, 0 lies outside the city"}},
        {"an egress before the arrival",
         fair +
             "arrival = { begin = \"20:20\" }\negress = { begin = \"20:10\", end = \"20:30\" } #!",
         {"egress = ", "begins before the arrival does"}},
        {"no exits",
         "[[event]] #!\nname = \"fair\"\nstage = \"yard\"\nvisitors = 9\nfrom = "
         "\"plaza\"",
         {"event \"fair\": exits: is missing"}},
    };
}

} // namespace veste::test
