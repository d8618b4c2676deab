using System.Text.Json;

namespace VideoUnderstanding.TestAssets.Sounds;

/// <summary>A labelled set of clips with sounds at known times, with and without speech, in the format of <c>vu eval</c> and <c>vu
/// calibrate</c>.</summary>
public static class SoundSet
{
    private const double ClipSeconds = 30;
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true };

    private static readonly string[] Voices = ["slt", "rms", "awb", "kal"];

    private static readonly string[] Sentences =
    [
        "The harbour office opens at eight and closes when the last ferry has left.",
        "In the second chapter we look at the history of printing in northern Europe.",
        "Please remember to bring your own notes to the meeting on Thursday.",
        "The committee will discuss the budget again before the end of the month.",
        "Four score and seven years ago our fathers brought forth a new nation.",
        "This recipe needs two cups of flour, a little salt and some patience.",
    ];

    /// <summary>Queries and the sounds that answer them. A query without sounds is absurd: nothing in the set answers it.</summary>
    private static readonly (string Query, string[] Sounds)[] Queries =
    [
        ("a dog barks", ["bark"]), ("the barking of a dog", ["bark"]), ("a phone rings", ["phone"]), ("a telephone is ringing", ["phone"]),
        ("an alarm clock beeps", ["alarm"]), ("beeping", ["alarm"]), ("an alarm goes off", ["alarm", "siren"]),
            ("music is playing", ["music", "login"]),
        ("a piece of music", ["music", "login"]), ("a police siren wails", ["siren"]), ("the siren of an ambulance", ["siren"]),
            ("a bell is ringing", ["bell"]),
        ("church bells ringing", ["bell"]), ("people applaud", ["applause"]), ("an audience clapping", ["applause"]),
            ("the sound of waves", ["surf"]),
        ("the roar of the sea", ["surf"]), ("the sound of water", ["surf"]), ("the noise of a helicopter", ["engine"]),
            ("an aircraft is heard", ["engine"]),
        ("a cat meows", []), ("thunder rumbling in the distance", []), ("a baby crying loudly", []), ("gunshots", []),
            ("a rooster crowing", []),
        ("people laughing", []), ("glass shattering", []), ("birds chirping", []), ("rain on a roof", []), ("a train horn", []),
            ("a person snoring", []),
        ("somebody coughs", []), ("a horse neighs", []), ("fireworks exploding", []), ("a doorbell rings", []),
            ("someone knocks on the door", []),
        ("the sound of footsteps", []), ("a cow mooing", []), ("an engine starts", []), ("the howling of the wind", []),
            ("a woman screaming", []),
    ];

    /// <summary>Writes the clips, <c>ground-truth.json</c> and <c>queries.json</c>.</summary>
    public static async Task WriteToAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var tracks = await TracksAsync(cancellationToken);
        foreach (var (file, track) in tracks)
            await track.WriteClipAsync(Path.Combine(folder, file), "gray", cancellationToken);
        await WriteAsync(folder, "ground-truth.json",
            new { media = tracks.Select(track => new { file = track.File, duration = track.Track.Duration }) }, cancellationToken);
        var right = tracks.SelectMany(track => track.Track.Sounds.Select(sound => (track.File, Sound: sound)))
            .ToLookup(pair => pair.Sound.Name);
        await WriteAsync(folder, "queries.json", new
        {
            queries = Queries.Select(query => new
            {
                query = query.Query,
                option = "sound",
                right = query.Sounds.SelectMany(name => right[name])
                    .Select(place => new { video = place.File, start = place.Sound.Start, end = place.Sound.End }),
            }),
        }, cancellationToken);
    }

    private static Task WriteAsync(string folder, string file, object content, CancellationToken cancellationToken)
        => File.WriteAllTextAsync(Path.Combine(folder, file), JsonSerializer.Serialize(content, Layout), cancellationToken);

    /// <summary>Creates 16 clips with four sounds each, every second one with speech, then three clips with only speech and one silent
    /// clip.</summary>
    private static async Task<List<(string File, SoundTrack Track)>> TracksAsync(CancellationToken cancellationToken)
    {
        var tracks = new List<(string, SoundTrack)>();
        for (var clip = 0; clip < 16; clip++)
        {
            var (track, hasSpeech) = (new SoundTrack(ClipSeconds), clip % 2 == 1);
            if (hasSpeech)
                await AddSpeechAsync(track, clip, 0.35, cancellationToken);
            for (var part = 0; part < 4; part++)
            {
                var (name, sound) = await SoundAsync(clip * 4 + part, clip, cancellationToken);
                track.Add(name, 2 + 7 * part, sound, hasSpeech ? 0.8 : 1);
            }
            tracks.Add(($"sounds-{clip:00}.mp4", track));
        }
        for (var clip = 0; clip < 3; clip++)
        {
            var track = new SoundTrack(ClipSeconds);
            await AddSpeechAsync(track, clip, 0.9, cancellationToken);
            // The last clip has noise like an old recording.
            tracks.Add(($"speech-{clip}.mp4", clip == 2 ? track.Add("", 0, SyntheticSounds.Noise(ClipSeconds, 0.02, 6000, clip)) : track));
        }
        tracks.Add(("silent.mp4", new SoundTrack(ClipSeconds)));
        return tracks;
    }

    private static async Task AddSpeechAsync(SoundTrack track, int clip, double level, CancellationToken cancellationToken)
    {
        for (var (start, sentence) = (0.5, clip); start < ClipSeconds - 6; start += 6, sentence++)
            track.Add("", start, await SoundSources.SpeechAsync(Sentences[sentence % Sentences.Length], Voices[clip % Voices.Length],
                cancellationToken), level);
    }

    /// <summary>Returns the sounds in turn. Computed sounds vary slightly with the seed.</summary>
    private static async Task<(string Name, float[] Sound)> SoundAsync(int number, int seed, CancellationToken cancellationToken)
        => (number % 11) switch
    {
        0 => ("bark", await SoundSources.BarkAsync(cancellationToken)),
        1 => ("siren", SyntheticSounds.Siren(4, 550 + 20 * seed, 1300 + 25 * seed, 1.5 + 0.2 * seed)),
        2 => ("phone", await SoundSources.PhoneAsync(cancellationToken)),
        3 => ("music", SyntheticSounds.Music(5, 3 + seed % 4, seed + 1)),
        4 => ("glass", await SoundSources.GlassAsync(cancellationToken)),
        5 => ("applause", SyntheticSounds.Applause(4, 3000, seed + 1)),
        6 => ("alarm", await SoundSources.AlarmClockAsync(cancellationToken)),
        7 => ("bell", SyntheticSounds.Bell(4, 1320 + 50 * seed)),
        8 => ("surf", SyntheticSounds.Noise(5, 0.3, 120 + 10 * seed, seed + 1)),
        9 => ("login", await SoundSources.LoginAsync(cancellationToken)),
        _ => ("engine", SyntheticSounds.Engine(4, 12 + seed, seed + 1)),
    };
}
