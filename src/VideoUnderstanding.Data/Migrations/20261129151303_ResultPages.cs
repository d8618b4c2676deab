using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VideoUnderstanding.Data.Migrations
{
    /// <summary>Stores each page of an answer as a row.</summary>
    public partial class ResultPages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Stored answers have the older form; they would expire within minutes.
            migrationBuilder.Sql("DELETE FROM result_sets");

            migrationBuilder.AddColumn<string>(
                name: "kind",
                table: "result_sets",
                type: "text",
                nullable: false);

            migrationBuilder.AddColumn<int>(
                name: "total",
                table: "result_sets",
                type: "integer",
                nullable: false);

            migrationBuilder.CreateTable(
                name: "result_pages",
                columns: table => new
                {
                    result_set_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    items = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_result_pages", x => new { x.result_set_id, x.number });
                    table.ForeignKey(
                        name: "fk_result_pages_result_set_id",
                        column: x => x.result_set_id,
                        principalTable: "result_sets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "result_pages");

            migrationBuilder.DropColumn(
                name: "kind",
                table: "result_sets");

            migrationBuilder.DropColumn(
                name: "total",
                table: "result_sets");
        }
    }
}
