using System.Text.Json.Nodes;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>A flattened schema: the types and enum values of every member by its path, such as <c>data[].clips[].score</c>.</summary>
internal sealed class SchemaMembers(string media)
{
    /// <summary>Queries can be nested without limit. Members below this depth repeat those above.</summary>
    private const int MaxDepth = 8;

    private readonly Dictionary<string, Member> _members = [];

    public static SchemaMembers None { get; } = new("no body");

    public string Media => media;

    public IReadOnlyDictionary<string, Member> All => _members;

    public static SchemaMembers Of(DocumentFile document, string media, JsonNode schema)
    {
        var members = new SchemaMembers(media);
        members.Add(document, schema, "", 0);
        return members;
    }

    private void Add(DocumentFile document, JsonNode node, string path, int depth)
    {
        var schema = document.Resolve(node);
        var member = _members.TryGetValue(path, out var known) ? known : _members[path] = new Member();
        foreach (var type in schema["type"] is JsonArray several ? several.Select(type => type?.ToString() ?? "null")
            : schema["type"] is { } one ? [one.ToString()] : [])
            member.Types.Add(type);
        foreach (var word in schema["enum"]?.AsArray() ?? [])
            if (word is not null)
                member.Words.Add(word.ToString());
        // Combined and alternative schemas describe the same member.
        foreach (var part in new[] { "allOf", "anyOf", "oneOf" }.SelectMany(kind => schema[kind]?.AsArray() ?? []))
            Add(document, part!, path, depth);
        if (depth == MaxDepth)
            return;
        if (schema["items"] is { } items)
            Add(document, items, path + "[]", depth + 1);
        var required = schema["required"]?.AsArray().Select(name => name!.ToString()).ToHashSet() ?? [];
        foreach (var (name, value) in schema["properties"]?.AsObject() ?? [])
        {
            var below = path.Length == 0 ? name : $"{path}.{name}";
            Add(document, value!, below, depth + 1);
            _members[below].IsRequired |= required.Contains(name);
        }
    }

    internal sealed class Member
    {
        public HashSet<string> Types { get; } = [];

        public HashSet<string> Words { get; } = [];

        public bool IsRequired { get; set; }

        /// <summary>True if the other member allows all types and enum values of this one. A schema without types allows all.</summary>
        public bool FitsInto(Member other)
            => (other.Types.Count == 0
                || Types.All(type => other.Types.Contains(type) || (type == "integer" && other.Types.Contains("number"))))
                && (other.Words.Count == 0 || Words.Count == 0 || Words.IsSubsetOf(other.Words));
    }
}
