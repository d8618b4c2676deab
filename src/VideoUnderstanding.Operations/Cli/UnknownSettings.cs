using System.Reflection;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Settings of this server's section that nothing reads: misspelt, or of another version.</summary>
public static class UnknownSettings
{
    private const string Root = StorageOptions.Section;

    private const string NameOfSection = "Section";

    /// <returns>Their whole names, as <c>VideoUnderstanding:Medai:Threads</c>.</returns>
    public static IReadOnlyList<string> In(IConfiguration configuration, IServiceCollection services)
    {
        var known = OptionTypes(services).SelectMany(SettingsOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. configuration.GetSection(Root).AsEnumerable()
            .Where(setting => setting.Value is not null && !IsPartOf(known, setting.Key)).Select(setting => setting.Key)
            .Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<Type> OptionTypes(IServiceCollection services) => services.Select(service => service.ServiceType)
        .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConfigureOptions<>))
        .Select(type => type.GetGenericArguments()[0])
        // Read before there are services.
        .Append(typeof(EmbeddedDatabaseOptions)).Distinct();

    private static IEnumerable<string> SettingsOf(Type options)
        => options.GetField(NameOfSection, BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() is string section
            ? options.GetProperties().Select(property => $"{section}:{property.Name}")
            : [];

    /// <summary>The setting itself, or an entry of a list or table that it is.</summary>
    private static bool IsPartOf(HashSet<string> known, string setting)
    {
        for (var name = setting; name.Length > Root.Length; name = name[..name.LastIndexOf(':')])
            if (known.Contains(name))
                return true;
        return false;
    }
}
