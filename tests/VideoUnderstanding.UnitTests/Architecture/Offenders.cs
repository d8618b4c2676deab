namespace VideoUnderstanding.UnitTests.Architecture;

/// <summary>Names all that break a rule; the framework's own message shows the first few only.</summary>
internal static class Offenders
{
    public static void None(IEnumerable<string?> offenders)
    {
        var found = offenders.ToList();
        Assert.True(found.Count == 0, $"These break the rule:\n{string.Join('\n', found)}");
    }
}
