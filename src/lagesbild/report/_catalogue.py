"""All that a picture says beside its figures: Swedish first, then English."""

Pair = tuple[str, str]

SENTENCES: dict[str, Pair] = {
    # Steps, for whoever waits
    "step.frame": ("Räknar händelser per vecka och kategori",
                   "Counting events by week and category"),
    "step.changes": ("Jämför veckan med det väntade", "Comparing the week with what was expected"),
    "step.clusters": ("Söker anhopningar i rum och tid", "Searching clusters in space and time"),
    "step.places": ("Prövar var det händer mer än slumpen ger",
                    "Testing where more happens than chance gives"),
    "step.density": ("Räknar tätheten", "Computing the density"),
    "step.hours": ("Fördelar händelserna över veckans timmar",
                   "Spreading events over the hours of the week"),
    "step.repeats": ("Prövar om händelser följer tätt på varandra",
                     "Testing whether events follow closely on one another"),
    "step.draw": ("Ritar", "Drawing"),
    # Names
    "name.rest": ("övriga", "others"),
    "name.none": ("utan kategori", "without category"),
    "name.all": ("Alla kategorier", "All categories"),
    # The page
    "page.title": ("Lägesbild {span}", "Situational picture {span}"),
    "page.lead": ("{week} den här veckan, och {events} sedan {first} att jämföra med.",
                  "{week} this week, and {events} since {first} to compare with."),
    "page.lead_only": ("{events} i underlaget.", "{events} in the data."),
    "page.skip": ("Till innehållet", "To the content"),
    "page.basis": ("Vad bygger det på?", "What does it rest on?"),
    "page.table": ("Samma sak i siffror", "The same in numbers"),
    "page.contents": ("Innehåll", "Contents"),
    "page.made": ("Gjord med lagesbild. Samma data, inställningar och frö ger samma sida.",
                  "Made with lagesbild. The same data, settings and seed give the same page."),
    "page.more": ("(Och {n} till, se nedan.)", "(And {n} more, see below.)"),
    "page.none": ("Det går inte att säga något här: {reason}",
                  "Nothing can be said here: {reason}"),
    # Headings
    "summary": ("Det viktigaste", "The essentials"),
    "data": ("Vad bilden bygger på", "What the picture rests on"),
    "changes": ("Vad är nytt, ökat eller borta?", "What is new, risen or gone?"),
    "clusters": ("Pågår något just nu, och var?", "Is anything going on now, and where?"),
    "places": ("Var händer det mest?", "Where does most happen?"),
    "hours": ("När händer det?", "When does it happen?"),
    "repeats": ("Drar en händelse andra med sig?", "Does one event bring others with it?"),
    "limits": ("Vad det här inte kan säga", "What cannot be told from this"),
    "methods": ("Metoder, inställningar och frön", "Methods, settings and seeds"),
    # Data
    "data.sentence": ("{events} från {first} till {last}, i {categories}.",
                      "{events} from {first} to {last}, in {categories}."),
    "data.one": ("{events} {first}, i {categories}.", "{events} on {first}, in {categories}."),
    "data.read": ("Rader som inte gick att använda: {n}.", "Rows that could not be used: {n}."),
    "data.all_used": ("Alla rader gick att använda.", "All rows could be used."),
    "data.outside": ("{n} ligger utanför perioden och är inte med.",
                     "{n} outside the period are left out."),
    "data.effort": ("Antal aktiva rapportörer per vecka är givet och vägs in: mellan {low} och "
                    "{high}.",
                    "The number of active reporters each week is given and taken into account: "
                    "from {low} to {high}."),
    "data.no_effort": ("Hur många som har rapporterat varje vecka är inte givet.",
                       "How many reported each week is not given."),
    "data.vague": ("För {share} av händelserna är tiden bara känd inom ett spann.",
                   "For {share} of the events the time is known only within an interval."),
    "data.weights": ("Vikterna i underlaget används inte: varje rad räknas som en händelse.",
                     "The weights in the data are not used: each row counts as one event."),
    "data.reason": ("Skäl", "Reason"),
    "data.rows": ("Rader", "Rows"),
    "data.excluded": ("Rader som inte kunde användas", "Rows that could not be used"),
    "data.category": ("Kategori", "Category"),
    "data.total": ("Hela perioden", "Whole period"),
    "data.year": ("Senaste året", "Last year"),
    "data.month": ("Senaste fyra veckorna", "Last four weeks"),
    "data.week": ("Senaste veckan", "Last week"),
    "data.counts": ("Händelser efter kategori", "Events by category"),
    # Changes
    "changes.short": (
        "historiken är {weeks}, och för en jämförelse behövs minst tio.",
        "the history is {weeks}, and a comparison needs at least ten.",
    ),
    "changes.new": ("Nytt: {names}. Inget sådant har rapporterats tidigare i underlaget.",
                    "New: {names}. Nothing like it was reported before in the data."),
    "changes.risen": ("Ökat: {name} med {observed} den senaste veckan, där {expected} väntades.",
                      "Risen: {name} with {observed} in the last week, where {expected} were "
                      "expected."),
    "changes.gone": ("Borta: {name} har inte rapporterats på fyra veckor, där {expected} väntades.",
                     "Gone: {name} was not reported for four weeks, where {expected} were "
                     "expected."),
    "changes.none": ("Inget är nytt, ökat eller borta utöver det som slumpen ger.",
                     "Nothing is new, risen or gone beyond what chance gives."),
    "changes.farrington": (
        "Veckan är jämförd med samma tid på året under {years} år (Farringtons flexibla metod).",
        "The week is compared with the same time of the year over {years} years (the flexible "
        "Farrington method).",
    ),
    "changes.ears": (
        "Historiken är kortare än två år, så veckan är jämförd med sju veckor strax före (EARS "
        "C2). "
        "Den metoden känner inte till årstider.",
        "The history is shorter than two years, so the week is compared with seven weeks shortly "
        "before (EARS C2). That method knows no seasons.",
    ),
    "changes.rule": (
        "Ökat: q ≤ {level}, där q är p justerat för alla serier som prövas.",
        "Risen: q ≤ {level}, where q is p adjusted for all series that are tested.",
    ),
    "changes.rule_new": ("Nytt: händelser under de senaste fyra veckorna men inga dessförinnan.",
                         "New: events in the last four weeks but none before."),
    "changes.rule_gone": (
        "Borta: inga på fyra veckor, trots att takten året före hade gett så många att slumpen "
        "sällan "
        "ger noll (Poisson, q ≤ {level}).",
        "Gone: none in four weeks, though the rate of the year before gave so many that chance "
        "seldom gives none (Poisson, q ≤ {level}).",
    ),
    "changes.few": ("underlaget är {n}, för lite för att se en förändring.",
                    "the data are {n}, too little to see a change."),
    # Clusters
    "clusters.few": ("underlaget är {n} på {weeks}, och sökningen behöver minst 30 på "
                     "minst fyra.",
                     "the data are {n} in {weeks}, and the search needs at least 30 in "
                     "at "
                     "least four."),
    "clusters.one_place": ("alla händelser ligger på samma plats.",
                           "all events lie in the same place."),
    "clusters.sure": (
        "{name}: {observed} händelser inom {radius} från {where} sedan {start}, där {expected} "
        "väntades.",
        "{name}: {observed} events within {radius} of {where} since {start}, where {expected} "
        "were expected.",
    ),
    "clusters.more": ("Och {n} till.", "And {n} more."),
    "clusters.none": (
        "Ingen anhopning pågår som är tydligare än vad slumpen ger.",
        "No cluster is going on that is clearer than what chance gives.",
    ),
    "clusters.where": ("öst {x}, nord {y}", "east {x}, north {y}"),
    "clusters.level": (
        "Sökt {n} gånger, för alla händelser och för de vanligaste kategorierna; därför räknas "
        "bara "
        "p ≤ {level}.",
        "Searched {n} times, for all events and for the most common categories; so only p ≤ "
        "{level} "
        "counts.",
    ),
    "clusters.window": (
        "Sökt bland alla cirklar upp till {radius} och alla tider upp till {weeks} veckor som "
        "varar "
        "till periodens slut. Varje plats har sitt vanliga antal och varje vecka sitt.",
        "Searched among all circles up to {radius} and all spans up to {weeks} weeks that last to "
        "the "
        "end of the period. Each place keeps its usual number and each week its own.",
    ),
    # Places
    "places.few": ("det senaste året har {n}, och det behövs minst {least}.",
                   "the last year has {n}, and at least {least} are needed."),
    "places.narrow": ("händelserna ligger för nära varandra ({cells}) för en karta.",
                      "the events lie too close together ({cells}) for a map."),
    "places.even": ("alla rutor har lika många händelser.", "all cells have equally many events."),
    "places.hot": (
        "{hot} av {n} rutor om {cell} har fler händelser omkring sig än slumpen förklarar. De har "
        "{share} av det senaste årets händelser.",
        "{hot} of {n} cells of {cell} have more events around them than chance explains. They hold "
        "{share} of the last year's events.",
    ),
    "places.hot_one": (
        "En av {n} rutor om {cell} har fler händelser omkring sig än slumpen förklarar. Den har "
        "{share} av det senaste årets händelser.",
        "One of {n} cells of {cell} has more events around it than chance explains. It holds "
        "{share} of the last year's events.",
    ),
    "places.none": (
        "Ingen ruta har fler händelser omkring sig än slumpen förklarar.",
        "No cell has more events around it than chance explains.",
    ),
    "places.density": ("Hälften av händelserna ryms på {share} av ytan.",
                       "Half of the events lie on {share} of the area."),
    "places.cells": (
        "Rutor där något rapporterats under perioden, och rutorna intill.",
        "Cells where something was reported in the period, and the cells next to them.",
    ),
    "places.asks": (
        "Prövningen frågar om en ruta och rutorna intill tillsammans har fler än om antalen låg "
        "utströdda av en slump. En enda livlig plats räcker inte för det, men syns på "
        "täthetskartan.",
        "The test asks whether a cell and those next to it together have more than if the counts "
        "were scattered by chance. A single busy place is not enough for that, but shows on the "
        "density map.",
    ),
    "places.top": ("De tio rutorna med flest händelser har {share} av alla.",
                   "The ten cells with most events hold {share} of all."),
    # Hours
    "hours.few": ("det senaste året har {n}, och det behövs minst {least}.",
                  "the last year has {n}, and at least {least} are needed."),
    "hours.dates": ("bara dagar är kända, inga klockslag.", "only days are known, no hours."),
    "hours.sentence": (
        "Mest händer {day} {hours}: {share} av allt, där fyra jämna timmar hade haft {even}.",
        "Most happens on {day} {hours}: {share} of everything, where four even hours would have "
        "{even}.",
    ),
    # Repeats
    "repeats.few": ("ingen kategori har {least} händelser det senaste året.",
                    "no category has {least} events in the last year."),
    "repeats.sure": (
        "{name}: {where} kommer en till inom {time} {ratio} gånger så ofta som av en slump.",
        "{name}: {where} another follows within {time} {ratio} times as often as by chance.",
    ),
    "repeats.same": ("på samma plats", "in the same place"),
    "repeats.within": ("inom {space}", "within {space}"),
    "repeats.none": (
        "Inget tyder på att händelser av samma slag följer tätt på varandra mer än av en slump.",
        "Nothing suggests that events of a kind follow closely on one another more than by "
        "chance.",
    ),
    "repeats.tested": ("Prövat för {names}, vart och ett för sig.",
                       "Tested for {names}, each by itself."),
    "repeats.caveat": (
        "Att något ökar eller minskar i en del av området under året ser likadant ut.",
        "A rise or fall in one part of the area during the year looks the same.",
    ),
    # Limits
    "limits.reports": (
        "Siffrorna är vad som har rapporterats, inte vad som har hänt.",
        "The numbers are what was reported, not what happened.",
    ),
    "limits.no_effort": (
        "Fler rapporter kan betyda att mer händer eller att fler rapporterar. Det går inte att "
        "skilja "
        "åt utan att veta hur många som rapporterat.",
        "More reports may mean that more happens or that more people report. The two cannot be "
        "told "
        "apart without knowing how many reported.",
    ),
    "limits.cause": (
        "Bilden säger inte varför något händer, och inte om en åtgärd har hjälpt. Det senare "
        "kräver "
        "en jämförelse med platser där inget gjorts.",
        "The picture does not say why anything happens, nor whether a measure helped. The latter "
        "takes a comparison with places where nothing was done.",
    ),
    "limits.false": (
        "Av det som kallas ökat är i genomsnitt högst en av tjugo en slump. Anhopningen just nu "
        "har "
        "sitt eget mått: hur ofta slumpen ger en lika tydlig.",
        "Of what is called risen, at most one in twenty on average is chance. The cluster going on "
        "has its own measure: how often chance gives one as clear.",
    ),
    "limits.season": (
        "Historiken är kortare än två år. En ökning kan vara årstiden.",
        "The history is shorter than two years. A rise may be the season.",
    ),
    "limits.quiet": (
        "Att en plats inte är markerad betyder inte att den är trygg. Med få rapporter syns bara "
        "stora skillnader.",
        "That a place is not marked does not mean that it is safe. With few reports only great "
        "differences are seen.",
    ),
    "limits.vague": (
        "Där tiden bara är känd inom ett spann är klockslaget en uppskattning.",
        "Where the time is known only within an interval, the hour is an estimate.",
    ),
    "limits.few": (
        "Underlaget är litet. Läs det som ett protokoll över vad som rapporterats, inte som ett "
        "mönster.",
        "The data are few. Read them as a record of what was reported, not as a pattern.",
    ),
    "limits.borders": (
        "Cirklar och rutor visar ungefär var. Gränserna är inte exakta.",
        "Circles and cells show roughly where. Their borders are not exact.",
    ),
    "limits.publish": (
        "Små tal kan peka ut någon. Pröva dem mot röjandereglerna innan bilden sprids utanför "
        "gruppen.",
        "Small numbers may point somebody out. Put them through disclosure control before the "
        "picture "
        "goes beyond the group.",
    ),
    # Methods
    "methods.part": ("Del", "Part"),
    "methods.method": ("Metod", "Method"),
    "methods.n": ("Underlag", "Basis"),
    "methods.chance": ("Dragningar", "Draws"),
    "methods.seed": ("Frö", "Seed"),
    "methods.data": ("Datas fingeravtryck", "Fingerprint of the data"),
    "methods.settings": ("Inställningar, med bibliotekets namn",
                         "Settings, by the library's names"),
    "methods.yes": ("ja", "yes"),
    "methods.no": ("nej", "no"),
    "methods.whole": ("Hela underlagets fingeravtryck: {fingerprint}. Frö: {seed}.",
                      "Fingerprint of all the data: {fingerprint}. Seed: {seed}."),
}  # fmt: skip
