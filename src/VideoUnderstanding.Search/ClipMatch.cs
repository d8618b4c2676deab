namespace VideoUnderstanding.Search;

/// <summary>A part of a video that one option found. Times are seconds; the score is 0 to 100.</summary>
/// <param name="Text">The words that were spoken or shown; null for pictures.</param>
/// <param name="Evidence">What the models had to say; null where only words or letters were compared, or no standing was needed.</param>
public sealed record Fragment(
    string VideoId, double Start, double End, string Option, double Score, string? Text = null, Evidence? Evidence = null);

/// <summary>What the score of a fragment rests on, before it is one.</summary>
/// <param name="Standing">See <see cref="Confidence.Standing"/>.</param>
/// <param name="Spread">Spread of the generic captions there.</param>
public sealed record Evidence(double Cosine, double Standing, double Spread);

/// <summary>What one option has to say about a clip.</summary>
public sealed record OptionMatch(string Option, double Score, string? Text);

/// <summary>A part of a video that answers a query.</summary>
/// <param name="Score">Two decimals; a little above the best option's when several agree, so it can pass 100.</param>
/// <param name="Matches">At least one; the first is the option whose boundaries the clip has.</param>
public sealed record ClipMatch(string VideoId, double Start, double End, double Score, IReadOnlyList<OptionMatch> Matches);
