namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>A sentence that the tiny speech model hears in a tone.</summary>
/// <param name="MelBand">Number of the mel band, of 80, in whose middle the tone lies.</param>
public sealed record TinyPhrase(string Text, int MelBand)
{
    /// <summary>Hertz. Slaney's mel scale, which Whisper uses: linear below 1000 Hz, logarithmic above; 80 bands up to 8000 Hz.</summary>
    public double Frequency
    {
        get
        {
            var mel = (MelBand + 1) * Mel(8000) / 81;
            return mel < 15 ? mel * 200 / 3 : 1000 * Math.Exp((mel - 15) * Math.Log(6.4) / 27);
        }
    }

    private static double Mel(double hertz) => hertz < 1000 ? hertz * 3 / 200 : 15 + Math.Log(hertz / 1000) * 27 / Math.Log(6.4);
}

/// <summary>The language of tones. No word occurs twice, so that a word tells what comes next.</summary>
public static class TinyPhrases
{
    public static IReadOnlyList<TinyPhrase> All { get; } =
    [
        new("Good morning everybody.", 15),
        new("The ship leaves at noon.", 22),
        new("Please water my plants.", 29),
        new("Bread costs three coins.", 36),
        new("We found an old map.", 43),
        new("Nobody heard that whistle.", 50),
    ];
}
