"""The words that articles and comments of the workload are made of."""

# ruff: noqa: SIM905 - words read best as text

WORDS = tuple(
    """
a about above across after afternoon again against ago agree air all almost along already also
although always among an ancient and animal another answer any apple archive around arrive as ask at
attic autumn away back bakery balance bank barn basin basket bay be beach because become bee before
begin behind bell below bench beside best better between beyond bicycle big bird black blanket blue
boat body book border both bottle bottom box branch brass bread break breakfast bridge bright bring
broad brook brother brown brush build burn butter button buy by cabin calendar call calm can candle
canvas car careful carpet carry castle cat catch cellar century chair chalk change chapter cheap
cheese chestnut child chimney choose church circle city clay clean clear cliff climb clock close
cloth cloud coast coat coffee coin cold colour column come common cook copper corner cotton count
country course cover craft crew crop cross crowd cup curtain customs cut daily damp dance dark
daughter day deep degree desk detail diary different dinner distant do doctor dog door double
doubt down drawer dream drink drive dry dust each ear early earth east easy eat edge egg eight
either empty end engine enough evening every exact example eye face factory fair fall family far
farm fast father fence ferry few field fifth fig figure fill find fine finger fire first fish five
flat floor flour flower fly fog follow food foot for forest forget fork form forward fountain four
fox frame free fresh friend from frost fruit full garden gate gather gentle give glad glass go goat
gold good grain grandmother granite grass gravel great green grey ground group grow guess guest
guide hair half hall hammer hand harbour hard harvest hat have hay he head hear heart heavy hedge
height help hen her herb here hide high hill him his hold hollow home honey hope horse hot hotel
hour house how however hundred hurry ice idea if in inch ink inn inside instead into iron island it
its jacket jam jar join journey juice jump just keep kettle key kind kitchen knee knife know ladder
lake lamp land lane lantern large last late laugh lawn lead leaf learn least leather leave left leg
lemon lend less letter library lid light like lime line linen list listen little live long look
lose loud low lunch machine maple map marble market marsh match matter may meadow meal mean measure
meet melt memory message middle mile milk mill mind mine minute mirror mist moment money month moon
more morning moss most mother mountain mouth move much mud museum music must nail name narrow near
neck needle neighbour never new next night nine no north not note now number oak oar oat of off
offer often oil old olive on once one onion only open or orange orchard other our out oven over own
page paint paper parcel park part pass past path pear pebble pen people pepper perhaps person piano
picture piece pier pilot pine pipe place plain plan plant plate platform play plum pocket point pond
pony port post potato pound pour press price print promise proof pull purple push put quarter quick
quiet quite rail rain raise rather reach read ready real reason red reed rest rice rich ride right
ring ripe river road rock roof room root rope rose rough round row rule run rust safe sail salt same
sand say school sea season second see seed seldom sell send seven several shade shadow shape share
sharp she shed sheep shelf shell shine ship shop shore short shoulder show side sign silk silver
simple since sing sister sit six sleep slope slow small smell smoke smooth snow so soap soft soil
some song soon sound soup south space spade speak spoon spring square stable stair stamp stand star
start station stay steam steel steep step still stone stop store storm story straight straw stream
street string strong such sugar summer sun supper sure surface swim table tail take talk tall taste
tea teach tell ten tent than thank that the their them then there these they thick thin thing think
third this those though thousand thread three through ticket tide tile timber time tin to today
together tomorrow too tool top touch toward tower town track trade trail train tree trust try tunnel
turn twelve twenty twice two under until up upper use valley very view village visit voice wait walk
wall want warm wash watch water wave way we weather weave week well west wet what wheat wheel when
where which while whistle white who whole why wide wife wild will willow wind window wine winter
wire wise with within without wood wool word work world write yard year yellow yes yesterday yet
you young your
""".split()
)

LATIN = tuple(
    """
Lorem ad adipisicing aliqua aliquip amet anim aute cillum commodo consectetur consequat culpa
cupidatat deserunt do dolor dolore duis ea eiusmod elit enim esse est et eu ex excepteur
exercitation fugiat id in incididunt ipsum irure labore laboris laborum magna minim mollit nisi
non nostrud nulla occaecat officia pariatur proident qui quis reprehenderit sint sit sunt tempor
ullamco ut velit veniam voluptate
""".split()
)

TAGS = tuple(
    """
archaeology architecture astronomy baking bees birds boats books bridges castles cheese coffee
cycling festivals fishing forests gardens geology harbours history islands lighthouses maps markets
mills mountains museums music orchards photography pottery railways rivers sailing sea trains trees
walking weather winter
""".split()
)

GIVEN = tuple(
    """
Agnes Ahmed Aino Bela Björn Carla Chidi Chloé Daria Diego Edith Enzo Fatima Finn Gita Hamid Hedda
Ifeoma Igor Jana Jonas Kamala Kenji Lena Ludo Magda Mateo Nadia Nils Oksana Omar Paula Pavel Rania
Rémi Sanna Søren Tariq Thandi Ulla Vera Wanjiru Xavier Yusuf Zoltán
""".split()
)

FAMILY = tuple(
    """
Almeida Bakker Castro Dvořák Engström Farouk Grünwald Hossain Ivanova Jensen Kimura Lindqvist Mbeki
Navarro Okafor O'Neill Petit Quispe Romano Sharma Takahashi Ueno Vogel Wójcik Yilmaz Zhang
""".split()
)

HOSTILE = (
    "<script>alert({n})</script>",
    '<img src="x" onerror="alert({n})">',
    '<a href="javascript:alert({n})">a prize</a>',
    "<svg><animate onbegin=alert({n}) attributeName=x dur=1s>",
    '<div style="position:fixed;inset:0">over everything</div>',
    '<iframe src="https://evil.example/{n}"></iframe>',
    "</div></section></main><h1>the end</h1>",
    '<em><strong>never closed <a href="https://open.example/{n}',
    '<a href="&#106;avascript:alert({n})">here</a>',
    "<!-- --!><img src=x onerror=alert({n})> -->",
    '<a href="https://fine.example/{n}" onmouseover="steal()">fine</a>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert({n})>",
)

CODE = {
    "python": (
        "def tide(hours, height):",
        '    """Return the level of the water."""',
        "    for hour in range(hours):",
        "        if height[hour] < 0 and hour > 3:",
        "            yield hour, height[hour] * 2",
        "",
        "print([level for level in tide(24, LEVELS)])  # <- 24 & more",
    ),
    "sh": (
        "set -eu",
        "for file in content/*.md; do",
        '    printf "%s\\n" "$file" >&2',
        "done",
        "tar -cf - output | gzip > site.tar.gz",
    ),
    "html": (
        '<section class="harbour">',
        "  <h2>Boats &amp; piers</h2>",
        "  <p>Low <em>tide</em> at six.</p>",
        "</section>",
    ),
    "yaml": (
        "harbour:",
        "  piers: 3",
        "  boats: [ferry, tug]",
        "  # closed in winter",
        "  depth: 4.5",
    ),
    "": ("$ make site", "120 pages, 3 warnings", "", "$ ls output | wc -l", "124"),
}
