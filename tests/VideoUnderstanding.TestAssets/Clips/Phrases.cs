namespace VideoUnderstanding.TestAssets.Clips;

/// <summary>Sentences that the generated clips speak. The base model of Whisper recognises each without an error.</summary>
internal static class Phrases
{
    public const string GoodMorning = "Good morning everybody.";
    public const string Ship = "The ship leaves at noon.";
    public const string Plants = "Please water my plants.";
    public const string Bread = "The bread costs many coins.";
    public const string Map = "We found an old map.";
    public const string Whistle = "Nobody heard that whistle.";
}

/// <summary>A sentence that a clip speaks.</summary>
/// <param name="Start">Seconds from the start of the clip.</param>
internal sealed record SpokenPhrase(double Start, string Text);
