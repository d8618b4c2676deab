using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>A scene of the demonstration video: a photograph with optional caption, narration and sound.</summary>
/// <param name="Picture">A file below the folder of the Debian package tuxpaint-stamps-default.</param>
internal sealed record DemoScene(string Picture)
{
    /// <summary>Seconds.</summary>
    public double Duration { get; init; } = 7;

    /// <summary>Text drawn over the picture; null for none.</summary>
    public string? Caption { get; init; }

    /// <summary>Read aloud by flite; null for none.</summary>
    public string? Narration { get; init; }

    /// <summary>A file of the Debian package sound-theme-freedesktop; null for none.</summary>
    public string? Sound { get; init; }
}

/// <summary>A search of the demonstration.</summary>
/// <param name="Subject">seen, said, written or heard.</param>
/// <param name="Option">The search option of the API.</param>
/// <param name="Scene">Index of the scene that answers it; -1 if unknown.</param>
internal sealed record DemoQuestion(string Subject, string Query, string Option, int Scene = -1);

/// <summary>The demonstration video and its queries. Each query has its answer in a different scene and in one modality only.</summary>
internal static class DemoScenario
{
    public static IReadOnlyList<DemoScene> Scenes { get; } =
    [
        new("vehicles/flight/planes/747.png") { Narration = "On Monday we flew to the coast. It was cold and windy there." },
        new("vehicles/flight/balloon360.png") { Narration = "The next morning we had breakfast in the sky, high above the valley." },
        new("animals/mammals/cats/tiger_sumatran.png") { Narration = "We waited for an hour until he finally woke up." },
        new("vehicles/emergency/firetruck.png") { Sound = "phone-incoming-call.oga" },
        new("hobbies/music/string/guitar_classical.png") { Caption = "OPEN AIR CONCERT  FRIDAY 8 PM" },
        new("food/fruit/Strawberry2.png") { Narration = "For dessert my grandmother baked a cake." },
    ];

    public static IReadOnlyList<DemoQuestion> Questions { get; } =
    [
        new("seen", "a tiger", IndexOptions.Visual, Scene: 2),
        new("said", "breakfast above the valley", IndexOptions.Conversation, Scene: 1),
        new("written", "open air concert", IndexOptions.TextInVideo, Scene: 4),
        new("heard", "a telephone rings", IndexOptions.Visual, Scene: 3),
    ];

    /// <summary>Seconds from the start of the video to the start of a scene.</summary>
    public static double StartOf(int scene) => Scenes.Take(scene).Sum(earlier => earlier.Duration);
}
