using System.Reflection;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Finds settings of this server's section that no options class has, for example misspelt ones.</summary>
public static class UnknownSettings
{
    private const string Root = StorageOptions.Section;

    private const string NameOfSection = "Section";

    /// <returns>The full names, for example <c>VideoUnderstanding:Medai:Threads</c>.</returns>
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
        // Read before the services exist.
        .Append(typeof(EmbeddedDatabaseOptions)).Distinct();

    private static IEnumerable<string> SettingsOf(Type options)
        => options.GetField(NameOfSection, BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() is string section
            ? options.GetProperties().Select(property => $"{section}:{property.Name}")
            : [];

    /// <summary>True for a known setting, and for an entry of a known list or table.</summary>
    private static bool IsPartOf(HashSet<string> known, string setting)
    {
        for (var name = setting; name.Length > Root.Length; name = name[..name.LastIndexOf(':')])
            if (known.Contains(name))
                return true;
        return false;
    }
}
