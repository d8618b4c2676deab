using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace VideoUnderstanding.Data.Configurations;

/// <summary>Enums are stored as the wire writes them: lower-case text.</summary>
internal static class LowerCase
{
    public static ValueConverter<T, string> Of<T>() where T : struct, Enum
        => new(value => value.ToString().ToLowerInvariant(), text => Enum.Parse<T>(text, true));
}
