using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.TestAssets.Clips;

/// <summary>A stretch of one colour with text on it. Times are seconds.</summary>
/// <param name="Lines">Written below each other; none for a plain picture.</param>
internal sealed record ColourScene(double Start, double End, TinyColour Colour, params string[] Lines)
{
    /// <summary>Drawn over it, before the text.</summary>
    public Action<Picture>? Draw { get; init; }
}

/// <summary>A phrase as a tone. Times are seconds.</summary>
internal sealed record SpokenTone(double Start, double End, TinyPhrase Phrase);

/// <summary>How a clip is made, and so what is to be found in it.</summary>
/// <param name="Codec">The picture's, as ffprobe names it.</param>
/// <param name="Encoding">Arguments of ffmpeg that choose encoders and container.</param>
/// <param name="Tones">Null for a clip without a sound track.</param>
internal sealed record ClipRecipe(string File, string Codec, string[] Encoding, IReadOnlyList<ColourScene> Scenes, IReadOnlyList<SpokenTone>? Tones)
{
    public int Width { get; init; } = 640;

    public int Height { get; init; } = 360;

    /// <summary>Stored lying on its side, with a note that players turn it a quarter to the right.</summary>
    public bool Sideways { get; init; }

    /// <summary>Drops frames without a regular pattern.</summary>
    public bool Uneven { get; init; }

    public double Duration => Math.Max(Scenes.LastOrDefault()?.End ?? 0, Tones?.LastOrDefault()?.End ?? 0);

    public ClipFacts Facts() => new(
        File, Duration,
        Scenes.Count == 0 ? [] : [Sideways ? new PictureFacts(Codec, Height, Width) : new PictureFacts(Codec, Width, Height)],
        Tones is null ? [] : [new SoundFacts("", 1)],
        Sideways ? 90 : 0,
        [.. Scenes.Select(scene => new SeenScene(scene.Start, scene.End, scene.Colour.Name))],
        [.. (Tones ?? []).Select(tone => new TimedText(tone.Start, tone.End, tone.Phrase.Text))],
        [.. Scenes.Where(scene => scene.Lines.Length > 0).Select(scene => new TimedText(scene.Start, scene.End, string.Join(" | ", scene.Lines)))]);
}
