namespace VideoUnderstanding.Indexing.Progress;

/// <summary>Receives progress reports of a stage. Calls are cheap; the row is updated at most once per second.</summary>
public sealed class StageProgress(Action<double> report, Action<double> reportUpload)
{
    /// <summary>Ignores all reports.</summary>
    public static StageProgress None { get; } = new(_ => { }, _ => { });

    /// <param name="fraction">Completed share of this stage; clamped to 0 to 1.</param>
    public void Report(double fraction) => report(Clean(fraction));

    /// <param name="fraction">Received share of the file; clamped to 0 to 1.</param>
    public void ReportUpload(double fraction) => reportUpload(Clean(fraction));

    private static double Clean(double fraction) => double.IsNaN(fraction) ? 0 : Math.Clamp(fraction, 0, 1);
}
