using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;
using VideoUnderstanding.TestAssets;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>The deployment files are valid and refer only to existing settings, values and templates. No container engine is
/// needed.</summary>
public sealed partial class DeploymentFilesTests
{
    /// <summary>Seconds that a process needs to stop after its stage has ended or was cancelled.</summary>
    private const int StopSeconds = 30;

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("deploy/compose.scale.yml")]
    [InlineData("deploy/vu.service")]
    [InlineData("deploy/Dockerfile")]
    [InlineData("deploy/helm/values.yaml")]
    [InlineData("deploy/helm/templates/_pod.tpl")]
    public void Every_setting_in_the_file_exists(string file)
    {
        var known = KnownSetting().Matches(Read("docs/configuration.md")).Select(match => match.Groups[1].Value).ToHashSet();
        var used = Variable().Matches(Read(file)).Select(match => match.Value.Replace("__", ":", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(used);
        Assert.All(used, setting => Assert.Contains(setting, known));
    }

    [Fact]
    public void Processes_of_the_scaled_installation_share_database_and_bucket_and_have_roles()
    {
        var services = Map(Yaml("deploy/compose.scale.yml"), "services");
        var (first, second) = (Environment(services, "api-1"), Environment(services, "api-2"));
        Assert.Equal(first, second);
        Assert.Equal("api", first["VideoUnderstanding__Server__Role"]);
        string[] shared = [.. first.Keys.Where(name => name.Contains("Storage", StringComparison.Ordinal)
            || name.Contains("ConnectionStrings", StringComparison.Ordinal))];
        Assert.Equal(6, shared.Length);
        foreach (var name in (string[])["worker", "worker-gpu"])
        {
            var worker = Environment(services, name);
            Assert.Equal("worker", worker["VideoUnderstanding__Server__Role"]);
            Assert.All(shared, setting => Assert.Equal(first[setting], worker[setting]));
            Assert.Equal($"{Seconds(worker["VideoUnderstanding__Indexing__DrainSeconds"]) + StopSeconds}s",
                Map(services, name)["stop_grace_period"]);
        }
        var upstream = Read("deploy/proxy.conf");
        foreach (var name in (string[])["api-1", "api-2"])
            Assert.Contains($"server {name}:8080", upstream, StringComparison.Ordinal);
    }

    [Fact]
    public void The_service_manager_waits_longer_than_a_stage_may_drain()
    {
        var lines = File.ReadAllLines(ProjectFolder.File("deploy/vu.service")).Where(line => line.Length > 0 && line[0] is not ('#' or '['))
            .ToList();
        Assert.All(lines, line => Assert.Matches(@"^[A-Z]\w+=", line));
        var drain = lines.Single(line => line.Contains("DrainSeconds=", StringComparison.Ordinal)).Split('=')[^1];
        Assert.Contains($"TimeoutStopSec={Seconds(drain) + StopSeconds}", lines);
    }

    [Fact]
    public void The_chart_uses_only_values_and_templates_that_exist()
    {
        Assert.Equal("video-understanding", Yaml("deploy/helm/Chart.yaml")["name"]);
        var values = Yaml("deploy/helm/values.yaml");
        var templates = Directory.GetFiles(ProjectFolder.File("deploy/helm/templates")).Select(File.ReadAllText).ToList();
        foreach (var text in templates)
        {
            Assert.Equal(Opening().Count(text), Closing().Count(text));
            Assert.Equal(Block().Count(text), End().Count(text));
            Assert.All(Value().Matches(text).Select(match => match.Groups[1].Value.Split('.')), path => Assert.True(Has(values, path),
                $"values.yaml has no {string.Join('.', path)}."));
        }
        var all = string.Concat(templates);
        Assert.Equal(Defined().Matches(all).Select(match => match.Groups[1].Value).Order(),
            Included().Matches(all).Select(match => match.Groups[1].Value).Distinct().Order());
        foreach (var part in (string[])["api", "workerCpu", "workerGpu"])
            Assert.All((string[])["replicas", "settings", "resources"], name => Assert.True(Has(values, [part, name])));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("workerCpu.replicas: 5", true)]
    [InlineData("workerCpu.replicas: -1", false)]
    [InlineData("workerCpu.replica: 1", false)]
    [InlineData("settings.VideoUnderstanding__Models__Threads: 2", false)]
    [InlineData("service.port: http", false)]
    [InlineData("dataSize: 40 GB", false)]
    public void Values_of_the_chart_are_checked_by_its_schema(string change, bool isValid)
    {
        var reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var values = reader.Deserialize<Dictionary<object, object>>(Read("deploy/helm/values.yaml"));
        foreach (var (path, value) in reader.Deserialize<Dictionary<string, object>?>(change) ?? [])
        {
            var names = path.Split('.');
            names[..^1].Aggregate(values, Map)[names[^1]] = value;
        }
        var json = new SerializerBuilder().JsonCompatible().Build().Serialize(values);
        var schema = JsonSchema.FromText(Read("deploy/helm/values.schema.json"));
        Assert.Equal(isValid, schema.Evaluate(JsonDocument.Parse(json).RootElement).IsValid);
    }

    private static string Read(string file) => File.ReadAllText(ProjectFolder.File(file));

    private static int Seconds(object text) => int.Parse((string)text, CultureInfo.InvariantCulture);

    /// <summary>Reads a YAML file and resolves its anchors and merge keys.</summary>
    private static Dictionary<object, object> Yaml(string file)
        => new Deserializer().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(new StringReader(Read(file)))));

    private static Dictionary<object, object> Map(Dictionary<object, object> parent, string name)
        => Assert.IsType<Dictionary<object, object>>(parent[name]);

    private static Dictionary<string, object> Environment(Dictionary<object, object> services, string name)
        => Map(Map(services, name), "environment").ToDictionary(variable => (string)variable.Key, variable => variable.Value);

    private static bool Has(object? node, IEnumerable<string> path)
    {
        foreach (var name in path)
            if (node is not Dictionary<object, object> map || !map.TryGetValue(name, out node))
                return false;
        return true;
    }

    [GeneratedRegex(@"`(VideoUnderstanding:[\w:]+)`")]
    private static partial Regex KnownSetting();

    [GeneratedRegex(@"\bVideoUnderstanding(?:__[A-Za-z]+)+")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\{\{")]
    private static partial Regex Opening();

    [GeneratedRegex(@"\}\}")]
    private static partial Regex Closing();

    [GeneratedRegex(@"\{\{-?\s*(?:if|range|with|define)\b")]
    private static partial Regex Block();

    [GeneratedRegex(@"\{\{-?\s*end\b")]
    private static partial Regex End();

    [GeneratedRegex(@"\.Values\.([\w.]+)")]
    private static partial Regex Value();

    [GeneratedRegex(@"define ""([^""]+)""")]
    private static partial Regex Defined();

    [GeneratedRegex(@"include ""([^""]+)""")]
    private static partial Regex Included();
}
