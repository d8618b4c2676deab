namespace VideoUnderstanding.Search;

/// <summary>A time range of a video that one search option found. Times are seconds; the score is 0 to 100.</summary>
/// <param name="Text">The spoken or visible text; null for frames and sounds.</param>
/// <param name="Evidence">Model outputs behind the score; null if the match compared only words or letters, or no normalised score was
/// needed.</param>
public sealed record Fragment(
    string VideoId, double Start, double End, string Option, double Score, string? Text = null, Evidence? Evidence = null);

/// <summary>Model outputs from which the score of a fragment is computed.</summary>
/// <param name="NormalizedScore">See <see cref="Confidence.ScoreNormalization"/>.</param>
/// <param name="Spread">Standard deviation of the cosines with the generic captions.</param>
public sealed record Evidence(double Cosine, double NormalizedScore, double Spread);

/// <summary>The match of one option within a clip.</summary>
public sealed record OptionMatch(string Option, double Score, string? Text);

/// <summary>A time range of a video that matches a query.</summary>
/// <param name="Score">Two decimals. Agreement of several options raises it slightly, so it can exceed 100.</param>
/// <param name="Matches">At least one; the clip has the boundaries of the first.</param>
public sealed record ClipMatch(string VideoId, double Start, double End, double Score, IReadOnlyList<OptionMatch> Matches);
