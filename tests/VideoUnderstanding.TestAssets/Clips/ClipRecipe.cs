using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.TestAssets.Clips;

/// <summary>A scene of one colour with text on it. Times are seconds.</summary>
/// <param name="Lines">Lines of text from top to bottom; empty for a scene without text.</param>
internal sealed record ColourScene(double Start, double End, TinyColour Colour, params string[] Lines)
{
    /// <summary>Draws on the picture before the text.</summary>
    public Action<Picture>? Draw { get; init; }
}

/// <summary>Instructions to generate a clip, from which its ground truth follows.</summary>
/// <param name="Codec">Video codec in the notation of ffprobe.</param>
/// <param name="Encoding">Arguments of ffmpeg that select encoders and container.</param>
/// <param name="Speech">Null for a clip without a sound track.</param>
internal sealed record ClipRecipe(
    string File, string Codec, string[] Encoding, IReadOnlyList<ColourScene> Scenes, IReadOnlyList<SpokenPhrase>? Speech)
{
    public int Width { get; init; } = 640;

    public int Height { get; init; } = 360;

    /// <summary>The picture is stored rotated, and the header of the file has a rotation of 90 degrees clockwise.</summary>
    public bool Sideways { get; init; }

    /// <summary>Drops frames without a regular pattern.</summary>
    public bool Uneven { get; init; }

    /// <summary>Seconds after the start of the last sentence at which a clip without pictures ends.</summary>
    private const double LastSentenceSeconds = 3;

    public double Duration => Scenes.Count > 0 ? Scenes[^1].End : Speech![^1].Start + LastSentenceSeconds;

    /// <summary>Synthesises the sentences. Returns an empty list for a clip without a sound track.</summary>
    public async Task<IReadOnlyList<Utterance>> SpeakAsync(CancellationToken cancellationToken)
    {
        var spoken = new List<Utterance>();
        foreach (var phrase in Speech ?? [])
            spoken.Add(await FliteVoice.SpeakAsync(phrase.Start, phrase.Text, cancellationToken));
        return spoken;
    }

    public ClipFacts Facts(IReadOnlyList<Utterance> spoken) => new(
        File, Duration,
        Scenes.Count == 0 ? [] : [Sideways ? new PictureFacts(Codec, Height, Width) : new PictureFacts(Codec, Width, Height)],
        Speech is null ? [] : [new SoundFacts("", 1)],
        Sideways ? 90 : 0,
        [.. Scenes.Select(scene => new VisibleScene(scene.Start, scene.End, scene.Colour.Name))],
        [.. spoken.Select(one => new TimedText(one.Start, one.End, one.Text))],
        [.. Scenes.Where(scene => scene.Lines.Length > 0)
            .Select(scene => new TimedText(scene.Start, scene.End, string.Join(" | ", scene.Lines)))]);
}

/// <summary>Sentences that are spoken in the generated clips. The base model of Whisper recognises each without an error.</summary>
internal static class Phrases
{
    public const string GoodMorning = "Good morning everybody.";
    public const string Ship = "The ship leaves at noon.";
    public const string Plants = "Please water my plants.";
    public const string Bread = "The bread costs many coins.";
    public const string Map = "We found an old map.";
    public const string Whistle = "Nobody heard that whistle.";
}

/// <summary>A sentence that is spoken in a clip.</summary>
/// <param name="Start">Seconds from the start of the clip.</param>
internal sealed record SpokenPhrase(double Start, string Text);
