using System.Data;
using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace VideoUnderstanding.Data;

/// <summary>PostgreSQL functions over custom metadata, for use inside queries only.</summary>
public static class MetadataFunctions
{
    /// <summary>True when the path finds something. A comparison of unlike types finds nothing and is no error.</summary>
    /// <param name="metadata">The jsonb column.</param>
    /// <param name="path">A PostgreSQL jsonpath, for example <c>$."shift" ? (@ &gt;= 3)</c>.</param>
    public static bool PathExists(JsonDocument? metadata, string path)
        => throw new InvalidOperationException("Only for use inside a query.");

    internal static void UseMetadataFunctions(this ModelBuilder model)
    {
        // The path arrives as text; PostgreSQL wants to be told that it is a jsonpath.
        var jsonPath = new StringTypeMapping("jsonpath", DbType.String);
        model.HasDbFunction(typeof(MetadataFunctions).GetMethod(nameof(PathExists))!).HasTranslation(arguments => new SqlFunctionExpression(
            "jsonb_path_exists",
            [arguments[0], new SqlUnaryExpression(ExpressionType.Convert, arguments[1], typeof(string), jsonPath)],
            nullable: true,
            argumentsPropagateNullability: [true, true],
            typeof(bool),
            typeMapping: null));
    }
}
