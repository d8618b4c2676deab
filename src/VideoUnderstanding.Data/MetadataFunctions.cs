using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace VideoUnderstanding.Data;

/// <summary>PostgreSQL functions over custom metadata, for use inside queries only.</summary>
public static class MetadataFunctions
{
    /// <summary>True when the path finds something. A comparison of unlike types finds nothing and is no error.</summary>
    /// <param name="metadata">The jsonb column.</param>
    /// <param name="path">A PostgreSQL jsonpath, for example <c>$."shift" ? (@ &gt;= 3)</c>.</param>
    public static bool PathExists(JsonDocument? metadata, string path) => throw new InvalidOperationException("Only for use inside a query.");

    internal static void UseMetadataFunctions(this ModelBuilder model)
    {
        var function = model.HasDbFunction(typeof(MetadataFunctions).GetMethod(nameof(PathExists))!).HasName("jsonb_path_exists").IsBuiltIn();
        function.HasParameter("metadata").HasStoreType("jsonb");
        function.HasParameter("path").HasStoreType("jsonpath");
    }
}
