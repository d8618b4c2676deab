using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace VideoUnderstanding.Data.Configurations;

/// <summary>Sets snake_case names of columns, keys and indexes. Table names are set by each entity configuration.</summary>
internal static class SnakeCaseNames
{
    public static void UseSnakeCaseNames(this ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            var table = entity.GetTableName()!;
            foreach (var property in entity.GetProperties())
                property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
            foreach (var key in entity.GetKeys())
                key.SetName($"pk_{table}");
            foreach (var foreign in entity.GetForeignKeys())
                foreign.SetConstraintName($"fk_{table}_{Columns(foreign.Properties)}");
            foreach (var index in entity.GetIndexes()
                .Where(index => index.Name is null && index.FindAnnotation(RelationalAnnotationNames.Name) is null))
                index.SetDatabaseName($"ix_{table}_{Columns(index.Properties)}");
        }
    }

    private static string Columns(IReadOnlyList<IMutableProperty> properties)
        => string.Join('_', properties.Select(property => property.GetColumnName()));
}

/// <summary>Stores enums as lower-case text, as in the API.</summary>
internal static class LowerCase
{
    public static ValueConverter<T, string> Of<T>() where T : struct, Enum
        => new(value => value.ToString().ToLowerInvariant(), text => Enum.Parse<T>(text, true));
}
