using System.Runtime.CompilerServices;

namespace VideoUnderstanding.UnitTests.Media;

/// <summary>What ffprobe said of real files, as it said it.</summary>
internal static class RecordedOutput
{
    public static string Read(string name, [CallerFilePath] string here = "")
        => File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "Recorded", name));
}
