using System.Text.Json;
using VideoUnderstanding.Server;

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>Runs <c>vu eval</c> in this process, with the arguments of the command line.</summary>
internal static class EvaluationCall
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <returns>The profiles in the JSON file that the command wrote.</returns>
    public static async Task<IReadOnlyList<JsonElement>> RunAsync(string set, string json, params string[] arguments)
    {
        var code = await Program.Main(["eval", set, "--json", json, "--VideoUnderstanding:Models:Device=cpu", .. arguments]);
        Assert.Equal(0, code);
        return [.. JsonElement.Parse(await File.ReadAllBytesAsync(json, TestContext.Current.CancellationToken)).GetProperty("profiles")
            .EnumerateArray()];
    }

    public static JsonElement Group(this JsonElement profile, string name, string table = "options")
        => profile.GetProperty(table).EnumerateArray().Single(group => group.GetProperty("name").GetString() == name);

    public static double Number(this JsonElement group, string name) => group.GetProperty(name).GetDouble();

    /// <summary>Writes facts or queries in the format of an evaluation set.</summary>
    public static Task WriteAsync(string path, object content)
        => File.WriteAllBytesAsync(path, JsonSerializer.SerializeToUtf8Bytes(content, Json), TestContext.Current.CancellationToken);
}
