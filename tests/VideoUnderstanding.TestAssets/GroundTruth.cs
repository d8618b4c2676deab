using System.Text.Json;

namespace VideoUnderstanding.TestAssets;

/// <summary>Ground truth of a set of clips: facts about the files, visible scenes, speech and text on screen.</summary>
public sealed record GroundTruth(IReadOnlyList<ClipFacts> Media, IReadOnlyList<BrokenFile> Broken)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>The facts about the clips of the assets folder.</summary>
    public static GroundTruth Load() => Load(AssetsFolder.File("media/ground-truth.json"));

    public static GroundTruth Load(string path)
        => JsonSerializer.Deserialize<GroundTruth>(File.ReadAllBytes(path), Json)
            ?? throw new InvalidDataException($"{path} holds no facts.");

    public ClipFacts this[string file] => Media.Single(clip => clip.File == file);
}

/// <summary>One clip. Times are seconds from its start. They are accurate to about 0.5 s for pictures and 0.2 s for speech.</summary>
/// <param name="File">Name inside the folder of clips.</param>
/// <param name="Video">Picture tracks with their stored sizes, before rotation. Empty for a file with only sound.</param>
/// <param name="Rotation">Degrees by which a player rotates the stored picture.</param>
public sealed record ClipFacts(
    string File, double Duration, IReadOnlyList<PictureFacts> Video, IReadOnlyList<SoundFacts> Audio, int Rotation,
    IReadOnlyList<VisibleScene> Scenes, IReadOnlyList<TimedText> Speech, IReadOnlyList<TimedText> OnScreenText);

public sealed record PictureFacts(string Codec, int Width, int Height);

public sealed record SoundFacts(string Codec, int Channels);

public sealed record VisibleScene(double Start, double End, string See);

/// <param name="Text">Lines of screen text are separated by <c>|</c>.</param>
public sealed record TimedText(double Start, double End, string Text);

/// <summary>A file that cannot be indexed, or only in part.</summary>
public sealed record BrokenFile(string File, string What);
