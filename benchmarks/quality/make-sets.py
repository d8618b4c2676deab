#!/usr/bin/env python3
"""Makes evaluation sets for `vu calibrate` and for `vu eval` afterwards: `fit` and `check` have no video in common; `clips` has the open clips alone, for text.

usage: make-sets.py ASSETS TRAINING OUT

`fit` and `check` have slide shows of photographs (TRAINING/everyday.tar, captions in everyday.tsv; `fit` takes the split "dev", `check` the split "test", because the
starter's head was fitted on "train") and some of the open clips of ASSETS/media. The reel repeats clips of both sides and is left out. Their queries by picture are
photographs of the same split that are in no show, stills of the clips, and photographs of things that are not in the set (TRAINING/things.tar).
"""
import json, os, re, shutil, subprocess, sys, tarfile, tempfile

PER_SHOW, SECONDS = 16, 4
# Queries by picture: photographs of one thing, and photographs of things that are not in the set.
PER_THING, ABSENT = 2, 30
# `fit` has as many slide shows as open clips: the scores are for videos, and photographs are easier. `check` has more, so that its figures
# are more reliable.
PICTURES = {"fit": 8 * PER_SHOW, "check": 30 * PER_SHOW}
CLIPS = {
    "fit": ["bottles.mp4", "bottles-vfr.mp4", "dog-park.mp4", "dog-rotated.mp4", "flower.mp4", "flower.webm", "jfk-inaugural.mp4", "slides-climate.mov"],
    "check": ["big-buck-bunny.mp4", "cars-overhead.mp4", "cars-hevc.mkv", "his-girl-friday.mp4", "his-girl-friday.avi", "printing-lecture.mp4", "rooftops.mp4",
              "stream-of-water.webm", "toy-rabbit.mp4"],
}
# Queries with the caption words that make a picture a right answer. A query that no caption of a set mentions is absurd in that set.
THINGS = {
    "a dog": r"dogs?|pupp(y|ies)|hound|terrier|poodle|collie|greyhounds?|labrador|retriever", "a cat": r"cats?|kitten",
    "someone riding a bicycle": r"bikes?|bicycles?|cyclists?|bikers?|bicyclists?|bmx|biking|bicycling", "a motorcycle": r"motorcycles?|motorcyclists?|motorbikes?|dirt ?bikes?|motocross",
    "a snowy landscape": r"snow\w*|ski\w*|sled\w*", "a beach": r"beach|shore\w*|surf|ocean|sand", "a swimming pool": r"pools?", "a skateboarder": r"skate\w*",
    "a horse": r"horses?|pony|jockeys?|polo|rodeo|equestrian", "a football player": r"football|soccer|rugby", "a basketball player": r"basketball", "a rock climber": r"climb\w*",
    "a surfer": r"surf\w*|windsurf\w*|wave", "a baby": r"bab(y|ies)|infant|toddlers?", "mountains": r"mountain\w*|hills?|cliffs?|peaks?|rock\w*", "a boat": r"boats?|canoe\w*|kayak\w*|raft\w*|ship|sail\w*",
    "a bird": r"birds?|ducks?|geese|goose|seagulls?|pigeons?|parrots?|eagles?|flamingos?|swans?", "a guitar player": r"guitar\w*|band|music\w*", "tennis": r"tennis|racket|racquet",
    "ice hockey": r"hockey|rink", "a wedding": r"wedding|bride|groom", "a playground": r"playground|slides?|swings?|swinging", "a waterfall": r"waterfalls?", "people eating": r"eat\w*|food|meal|lunch|dinner|restaurant|dining|bbq|picnic",
    "a car": r"cars?|trucks?|vehicles?|automobile|suv|van|race ?cars?", "a train": r"trains?|subway|railroad|tracks?", "a fountain": r"fountains?", "a trampoline": r"trampolines?", "baseball": r"baseball|bat|pitcher",
    "a campfire": r"fire\w*|campfire|bonfire|sparklers?", "a tent": r"tents?", "balloons": r"balloons?", "someone fishing": r"fish\w*", "a snowboarder": r"snowboard\w*|ski\w*|snow", "someone in the water": r"water|swim\w*|pool|lake|ocean|river|wave\w*|surf\w*|splash\w*",
    "a crowd": r"crowd\w*|audience|spectators?|people|parade|concert", "a city street": r"street|city|sidewalk|road|urban|traffic|crosswalk", "a forest": r"forest|woods|wood\w*|trees?|trail",
}
# Queries with a count, a colour, an action or a place, and the words that one caption of a right picture must contain. The model is weak at
# these queries, and about half of the queries of users are of this kind, so scores must be fitted on them too. Whole captions are not used
# as queries, because they match more pictures than their own.
DETAILS = {
    "two dogs playing together": [r"two|couple|pair", r"dogs"], "three dogs": [r"three", r"dogs"], "a brown dog": [r"brown|tan|golden", r"dog"], "a black dog": [r"black", r"dog"], "a white dog": [r"white", r"dog"],
    "a dog running": [r"dogs?", r"run\w*|rac\w+|gallop\w*"], "a dog jumping": [r"dogs?", r"jump\w*|leap\w*"], "a dog with a ball in its mouth": [r"dogs?", r"ball", r"mouth|carr\w*|hold\w*|catch\w*"],
    "a dog in the snow": [r"dogs?", r"snow\w*"], "a dog in the water": [r"dogs?", r"water|pool|lake|river|ocean|pond|sea|surf|creek|stream"], "a dog in the grass": [r"dogs?", r"grass\w*|field|lawn|yard"],
    "a child on a swing": [r"child|boy|girl|baby|toddler|kid", r"swing\w*"], "a child on a slide": [r"child|boy|girl|baby|toddler|kid", r"slid(e|ing)"], "children playing in the water": [r"children|boys|girls|kids|child|boy|girl", r"water|pool|sprinkler|fountain|beach|ocean|splash\w*"],
    "a girl in a pink dress": [r"girl", r"pink"], "a boy in a blue shirt": [r"boy", r"blue"], "a man in a red shirt": [r"man|guy", r"red", r"shirt|jacket|coat|jersey|top|sweater|hoodie"], "a woman in a black dress": [r"woman|lady", r"black"],
    "a person in a red jacket": [r"red", r"jacket|coat|parka"], "a yellow kayak": [r"yellow", r"kayak\w*|canoe|boat|raft"], "a white horse": [r"white", r"horse"], "a red car": [r"red", r"cars?|truck|vehicle"],
    "two people sitting on a bench": [r"two|couple|pair", r"bench"], "a man sitting on a bench": [r"man", r"bench"], "three people standing together": [r"three", r"people|men|women|friends|girls|boys|children"],
    "a man wearing a hat": [r"man", r"hat|cap"], "a man with sunglasses": [r"man", r"sunglasses|glasses"], "a man jumping on a bicycle": [r"bik\w*|bicycl\w*|cyclist|bmx", r"jump\w*|air|ramp|trick"],
    "a skateboarder doing a trick": [r"skate\w*", r"trick|jump\w*|air|ramp|rail|grind\w*"], "a motorcycle race": [r"motor\w*|dirt ?bike\w*|biker", r"rac\w+|track"], "a football player with the ball": [r"football|soccer|rugby", r"ball"],
    "a baseball player swinging a bat": [r"baseball", r"bat|swing\w*|hit\w*"], "a man climbing a rock wall": [r"climb\w*", r"rock|wall|cliff"], "people hiking in the mountains": [r"hik\w*|walk\w*|climb\w*", r"mountain\w*|hill|rock\w*"],
    "a surfer riding a wave": [r"surf\w*", r"wave\w*"], "people walking on the beach": [r"walk\w*|stand\w*", r"beach|shore|sand"], "a bird flying over the water": [r"birds?|geese|goose|seagulls?|ducks?", r"fl(y|ies|ying)|water"],
    "a woman with a camera": [r"woman|man|person|photographer", r"camera|picture|photograph\w*"], "a singer with a microphone": [r"sing\w*|microphone|band|concert"], "people dancing": [r"danc\w*"],
}
ABSURD = ["a giraffe", "an elephant", "a penguin on the ice", "a submarine", "an astronaut on the moon", "a microscope", "a chess board", "a wedding cake with candles", "a computer keyboard", "an erupting volcano",
          "a bowl of soup", "a pile of gold coins", "a lighthouse", "a snake", "an operating room", "a spreadsheet", "a castle on a hill", "a hot air balloon", "a violin", "a goldfish in a bowl", "a space shuttle launch",
          "a zebra", "a washing machine", "a pineapple", "a spider web", "a world map", "a wind turbine", "a jellyfish", "a lobster on a plate", "a grand piano", "an aircraft carrier", "a school of fish in a reef",
          "a telephone booth", "an hourglass", "a cheeseburger", "a bookshelf full of books", "a pyramid in the desert", "a kangaroo", "a refrigerator", "a tram"]


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True)


def shows(folder, pictures, files, truth):
    """Writes the slide shows and returns the span of each picture."""
    places = {}
    for number in range(0, len(files), PER_SHOW):
        name, shown = f"show-{number // PER_SHOW + 1:02}.mp4", files[number:number + PER_SHOW]
        with tempfile.TemporaryDirectory() as work:
            for place, file in enumerate(shown):
                os.symlink(os.path.join(pictures, file), os.path.join(work, f"{place:03}.jpg"))
                places[file] = {"video": name, "start": place * SECONDS, "end": (place + 1) * SECONDS}
            ffmpeg("-framerate", f"1/{SECONDS}", "-i", os.path.join(work, "%03d.jpg"), "-r", "5", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-pix_fmt", "yuv420p", os.path.join(folder, name))
        truth.append({"file": name, "duration": len(shown) * SECONDS})
    return places


def merged(spans):
    """Merges adjacent pictures of a show into one span, because the search returns them as one moment."""
    result = []
    for span in sorted(spans, key=lambda span: (span["video"], span["start"])):
        if result and result[-1]["video"] == span["video"] and result[-1]["end"] == span["start"]:
            result[-1]["end"] = span["end"]
        else:
            result.append(dict(span))
    return spans + [span for span in result if span not in spans]


def picture_queries(captions, places):
    queries = []
    for thing, words in THINGS.items():
        pattern = re.compile(rf"\b({words})\b", re.IGNORECASE)
        right = [places[file] for file in places if any(pattern.search(caption) for caption in captions[file])]
        queries.append({"query": thing, "option": "visual", "right": merged(right), "from": "words of the captions"})
    for detail, parts in DETAILS.items():
        patterns = [re.compile(rf"\b({words})\b", re.IGNORECASE) for words in parts]
        right = [places[file] for file in places if any(all(pattern.search(caption) for pattern in patterns) for caption in captions[file])]
        if right:
            queries.append({"query": detail, "option": "visual", "right": merged(right), "from": "words of the captions"})
    everything = " ".join(caption.lower() for file in places for caption in captions[file])
    queries += [{"query": thing, "option": "visual", "right": [], "from": "made up"} for thing in ABSURD if thing.split()[-1].rstrip("s") not in everything]
    return queries


def similar_pictures(out, sources, captions, places, clips, spoken):
    """Returns queries by picture. Right answers show the same thing, according to captions in the shows and to text queries in the clips."""
    folder, (everyday, media, things, names) = os.path.join(out, "pictures"), sources
    os.makedirs(folder, exist_ok=True)
    queries = []

    def add(name, right, origin):
        queries.append({"picture": f"pictures/{name}", "option": "picture", "right": right, "from": origin})

    def of_thing(pattern):
        shown = merged([places[file] for file in places if any(pattern.search(caption) for caption in captions[file])])
        return shown + [span for query in clips if pattern.search(query["query"]) for span in query["right"]]

    patterns = {thing: re.compile(rf"\b({words})\b", re.IGNORECASE) for thing, words in THINGS.items()}
    for thing, pattern in patterns.items():
        # Most captions name the thing, so it is the main subject of the photograph.
        files = [file for file in sorted(captions) if file not in places and sum(bool(pattern.search(caption)) for caption in captions[file]) >= 4]
        right = of_thing(pattern)
        for file in files[::max(1, len(files) // PER_THING)][:PER_THING] if right else []:
            shutil.copy(os.path.join(everyday, file), folder)
            add(file, right, f"a photograph of {thing}")
    for number, query in enumerate(query for query in clips if query["right"]):
        span = query["right"][0]
        name = f"still-{number:02}.jpg"
        ffmpeg("-ss", str(span["start"] + (span["end"] - span["start"]) / 3), "-i", os.path.join(media, span["video"]), "-frames:v", "1", os.path.join(folder, name))
        same = [pattern for pattern in patterns.values() if pattern.search(query["query"])]
        right = query["right"] + [span for pattern in same for span in of_thing(pattern)]
        add(name, [dict(span) for span in {tuple(sorted(span.items())) for span in right}], f"a still of {query['query']}")
    said = " ".join([caption.lower() for file in places for caption in captions[file]] + [query["query"].lower() for query in spoken])
    absent = [file for file, name in names if not any(re.search(rf"\b{re.escape(word)}s?\b", said) for word in name.lower().replace("-", " ").split())]
    for file in absent[::len(absent) // ABSENT][:ABSENT]:
        shutil.copy(os.path.join(things, file), os.path.join(folder, f"thing-{file}"))
        add(f"thing-{file}", [], "a photograph of a thing that is not in the set")
    return queries


def clip_queries(assets, here, clips):
    files = [os.path.join(here, "open-set-queries.json"), os.path.join(here, "open-clips-queries.json")]
    queries = {}
    for query in (query for file in files for query in json.load(open(file))["queries"]):
        right = [span for span in query["right"] if span["video"] in clips]
        if right or not query["right"]:
            queries.setdefault((query["option"], query["query"]), {**query, "right": right})
    return list(queries.values())


def make_clips(out, side, assets, clips):
    """Links the clips into the folder of a set and returns their ground truth."""
    folder = os.path.join(out, side)
    os.makedirs(folder, exist_ok=True)
    known = {video["file"]: video for video in json.load(open(os.path.join(assets, "media", "ground-truth.json"), encoding="utf-8"))["media"]}
    for name in clips:
        if not os.path.lexists(os.path.join(folder, name)):
            os.symlink(os.path.join(os.path.abspath(assets), "media", name), os.path.join(folder, name))
    return folder, [known[name] for name in clips]


def write(folder, truth, queries):
    json.dump({"media": truth}, open(os.path.join(folder, "ground-truth.json"), "w"), indent=1)
    json.dump({"queries": queries}, open(os.path.join(folder, "queries.json"), "w"), indent=1)
    print(f"{folder}: {len(truth)} videos, {len(queries)} queries, {sum(not query['right'] for query in queries)} of them absurd")


def make(side, split, assets, training, pictures, things, out):
    folder, truth = make_clips(out, side, assets, CLIPS[side])
    captions = {}
    for line in open(os.path.join(training, "everyday.tsv"), encoding="utf-8"):
        file, its_split, caption = line.rstrip("\n").split("\t")
        if its_split == split:
            captions.setdefault(file, []).append(caption)
    files = sorted(captions)
    files = files[::len(files) // PICTURES[side]][:PICTURES[side]]
    places = shows(folder, pictures, files, truth)
    of_clips = clip_queries(assets, os.path.dirname(os.path.abspath(__file__)), CLIPS[side])
    queries = picture_queries(captions, places) + [query for query in of_clips if query["right"] or query["option"] != "visual"]
    names = [(file, name) for file, _, name in (line.rstrip("\n").split("\t") for line in open(os.path.join(training, "things.tsv"), encoding="utf-8"))]
    visual = [query for query in of_clips if query["option"] == "visual"]
    sources = pictures, os.path.join(assets, "media"), things, names
    write(folder, truth, queries + similar_pictures(folder, sources, captions, places, [query for query in visual if query["right"]], visual))


def main():
    assets, training, out = sys.argv[1:]
    clips = CLIPS["fit"] + CLIPS["check"]
    folder, truth = make_clips(out, "clips", assets, clips)
    write(folder, truth, clip_queries(assets, os.path.dirname(os.path.abspath(__file__)), clips))
    with tempfile.TemporaryDirectory() as work:
        for name in ("everyday", "things"):
            with tarfile.open(os.path.join(training, f"{name}.tar")) as archive:
                archive.extractall(work, filter="data")
        for side, split in (("fit", "dev"), ("check", "test")):
            make(side, split, assets, training, os.path.join(work, "everyday"), os.path.join(work, "things"), out)


if __name__ == "__main__":
    main()
