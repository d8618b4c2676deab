namespace VideoUnderstanding.Indexing.Progress;

/// <summary>Where a stage says how far it is. Cheap: the row is written from it at most once a second.</summary>
public sealed class StageProgress(Action<double> report, Action<double> reportUpload)
{
    /// <summary>For stages whose progress nobody follows.</summary>
    public static StageProgress Unwatched { get; } = new(_ => { }, _ => { });

    /// <param name="fraction">Share of this stage that is done; brought into 0 to 1.</param>
    public void Report(double fraction) => report(Clean(fraction));

    /// <param name="fraction">Share of the file that has arrived; brought into 0 to 1.</param>
    public void ReportUpload(double fraction) => reportUpload(Clean(fraction));

    private static double Clean(double fraction) => double.IsNaN(fraction) ? 0 : Math.Clamp(fraction, 0, 1);
}
