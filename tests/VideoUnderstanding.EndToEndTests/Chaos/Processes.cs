using System.Diagnostics;
using System.Globalization;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>Finds child processes, and ends processes with SIGKILL, which a process cannot catch.</summary>
internal static class Processes
{
    /// <returns>Id and name of all direct and indirect child processes.</returns>
    public static IReadOnlyList<(int Id, string Name)> Below(int id)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0])).Select(Read!)
            .OfType<(int Id, int Parent, string Name)>().ToList();
        List<(int Id, string Name)> found = [];
        List<int> parents = [id];
        while (parents.Count > 0)
        {
            var children = all.Where(process => parents.Contains(process.Parent)).ToList();
            found.AddRange(children.Select(child => (child.Id, child.Name)));
            parents = [.. children.Select(child => child.Id)];
        }
        return found;
    }

    /// <returns>False if the process no longer exists.</returns>
    public static bool Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    public static async Task KillAndWaitAsync(int id)
    {
        Kill(id);
        while (Directory.Exists($"/proc/{id}"))
            await Task.Delay(20);
    }

    /// <summary>Reads <c>/proc/ID/stat</c>. The name is in parentheses and may contain any character; the parent is the second field after
    /// it. Source: proc(5).</summary>
    private static (int Id, int Parent, string Name)? Read(string id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var (open, close) = (stat.IndexOf('('), stat.LastIndexOf(')'));
            var parent = int.Parse(stat[(close + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
            return (int.Parse(id, CultureInfo.InvariantCulture), parent, stat[(open + 1)..close]);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
