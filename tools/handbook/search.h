// The script of the index page: what is typed is looked for among rules, codes and names. Codes and
// names are loaded when they are first asked for, as scripts, because a page on disk may not read
// files in any other way. Nothing that it shows is put together as HTML. `index.html#q=TEXT` begins
// with a search.
#pragma once

#include <string_view>

namespace sanku::handbook {

inline constexpr std::string_view search_script = R"js(
"use strict";
const box=document.getElementById("q"),found=document.getElementById("found");
const loaded=new Map();let allNames=null,asked=0;
const say=(a,b)=>zh?a:b;
function codes(number,entries){loaded.set(number,entries)}
function names(entries){allNames=entries}
function load(file){return new Promise(done=>{const s=document.createElement("script");s.src=file;s.onload=()=>done(true);
s.onerror=()=>done(false);document.body.append(s)})}
function element(name,text,parent){const e=document.createElement(name);if(text)e.textContent=text;if(parent)parent.append(e);return e}
function ruleLink(number,parent){const r=rules[number],a=element("a",r[0]+" "+r[1],parent);a.href=r[3];
element("span"," "+r[2],parent).className="quiet"}
function head(text){element("h3",text,found)}
function note(text){element("p",text,found).className="note"}
function showRules(q){
 const hits=rules.map((r,i)=>i).filter(i=>(rules[i][0]+" "+rules[i][1]+" "+rules[i][4]).toLowerCase().includes(q.toLowerCase()));
 if(!hits.length)return 0;
 head(say("规则","Rules"));const list=element("ul","",found);
 for(const i of hits.slice(0,60))ruleLink(i,element("li","",list));
 return hits.length}
function showPlaces(parent,mentions){
 const list=element("ul","",parent),seen=new Map();
 for(const [place,line,says] of mentions){
  if(!seen.has(place))seen.set(place,[]);
  if(says||line)seen.get(place).push([line,says])}
 for(const [place,rows] of seen){
  for(const number of places[place][1]){
   const item=element("li","",list);ruleLink(number,item);
   const texts=[...new Set(rows.map(r=>r[1]).filter(t=>t))];
   element("span"," — "+places[place][0]+(texts.length?say("：",": ")+texts.slice(0,4).join("；"):""),item).className="quiet";
   if(rows.length)element("span",say("（第 ","(line ")+rows.slice(0,3).map(r=>r[0]).join(", ")+(rows.length>3?" …":"")+say(" 行）",")"),item).className="quiet"}}}
// A whole code of one system's form is none of another's.
function isOf(system,q){
 const forms=systems.filter(s=>s[1]).filter(s=>new RegExp("^(?:"+s[1]+")$","i").test(q));
 return !forms.length||system>=0&&forms.includes(systems[system])}
function fits(entry,q){
 const code=entry[0].toLowerCase(),high=entry[1].toLowerCase(),below=entry[2];
 if((high||below)&&code!==q&&!isOf(entry[4],q))return false;
 if(high)return q>=code&&(q<=high||q.startsWith(high))||q.startsWith(code);
 return code.startsWith(q)||(below&&q.startsWith(code))}
async function searchCodes(q,ask){
 const wanted=shards.map((s,i)=>i).filter(i=>shards[i][1]||shards[i][0].toLowerCase().startsWith(q)||q.startsWith(shards[i][0].toLowerCase()));
 const few=wanted.slice(0,12);
 for(const i of few)if(!loaded.has(i)&&!await load(shards[i][2]))note(say("无法读取 ","cannot read ")+shards[i][2]);
 if(ask!==asked)return -1;
 let hits=[];
 for(const i of few)hits=hits.concat((loaded.get(i)||[]).filter(e=>fits(e,q)));
 if(!hits.length)return 0;
 hits.sort((a,b)=>(b[0].toLowerCase()===q)-(a[0].toLowerCase()===q)||(a[0]<b[0]?-1:a[0]>b[0]?1:0));
 head(say("编码","Codes"));
 for(const entry of hits.slice(0,40)){
  const hit=element("div","",found);hit.className="hit";
  element("b",entry[0]+(entry[1]?" – "+entry[1]:""),hit);
  if(entry[4]>=0)element("span"," "+systems[entry[4]][0],hit).className="quiet";
  if(entry[2]&&!entry[1])element("span",say("（及其下各码）"," (and all below)"),hit).className="quiet";
  element("span"," "+entry[3],hit);showPlaces(hit,entry[5])}
 if(hits.length>40||wanted.length>few.length)note(say("还有更多，请多输入几位。","There are more: type more of the code."));
 return hits.length}
async function searchNames(q,ask){
 if(!allNames&&!await load("data/names.js"))note(say("无法读取 data/names.js","cannot read data/names.js"));
 if(ask!==asked||!allNames)return -1;
 const hits=allNames.filter(n=>n[0].toLowerCase().includes(q.toLowerCase()));
 if(!hits.length)return 0;
 hits.sort((a,b)=>(b[0]===q)-(a[0]===q));
 head(say("名称","Names"));
 for(const [name,in_places,count,first] of hits.slice(0,40)){
  const hit=element("div","",found);hit.className="hit";element("b",name,hit);
  if(count){element("span",say("  编码 ","  codes "),hit).className="quiet";
   first.forEach((code,i)=>{if(i)hit.append(", ");const a=element("a",code,hit);a.href="#q="+encodeURIComponent(code)});
   if(count>first.length)element("span",say(" 等 "+count+" 个"," and "+(count-first.length)+" more"),hit).className="quiet"}
  showPlaces(hit,in_places.map(p=>[p,0,""]))}
 if(hits.length>40)note(say("还有 ","")+(hits.length-40)+say(" 个名称。"," more names."));
 return hits.length}
async function search(){
 const q=box.value.trim(),ask=++asked;
 found.replaceChildren();document.querySelectorAll(".by-family").forEach(e=>e.hidden=q.length>0);
 if(!q)return;
 const code=/^[A-Za-z0-9][A-Za-z0-9.+*x-]*$/.test(q);
 let hits=showRules(q);
 if(code&&q.length>1){const n=await searchCodes(q.toLowerCase(),ask);if(n<0)return;hits+=n}
 if(q.length>1||!code){const n=await searchNames(q,ask);if(n<0)return;hits+=n}
 if(!hits)note(say("没有规则与它有关。","No rule concerns it."));
 found.dataset.done=q}
function fromAddress(){const m=/^#q=(.*)$/.exec(location.hash);if(m){box.value=decodeURIComponent(m[1]);search()}}
let timer=0;
box.addEventListener("input",()=>{clearTimeout(timer);timer=setTimeout(search,150)});
addEventListener("hashchange",fromAddress);
fromAddress();
)js";

} // namespace sanku::handbook
