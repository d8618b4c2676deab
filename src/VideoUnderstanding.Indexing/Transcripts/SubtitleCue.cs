namespace VideoUnderstanding.Indexing.Transcripts;

/// <summary>A stretch of a transcript. Times are seconds from the start of the video; the text is one line without markup.</summary>
public sealed record SubtitleCue(double Start, double End, string Text);
